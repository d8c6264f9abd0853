/// Tests of RKE1's own files.
@NullMarked
package io.etcdmedic.node.rke;

import org.jspecify.annotations.NullMarked;
