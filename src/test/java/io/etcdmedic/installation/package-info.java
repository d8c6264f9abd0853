/// Tests of recognising what runs and lies on a machine, on trees that the tests build.
@NullMarked
package io.etcdmedic.installation;

import org.jspecify.annotations.NullMarked;
