/// Certificates and keys of a node: who can read them, whether they fit together, and when they end.
@NullMarked
package io.etcdmedic.node.certs;

import org.jspecify.annotations.NullMarked;
