/// Tests of how reports become text.
@NullMarked
package io.etcdmedic.render;

import org.jspecify.annotations.NullMarked;
