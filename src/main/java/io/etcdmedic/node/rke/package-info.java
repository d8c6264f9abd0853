/// What RKE1 keeps of a cluster, on disk and in the cluster itself, and where a node stands in it.
@NullMarked
package io.etcdmedic.node.rke;

import org.jspecify.annotations.NullMarked;
