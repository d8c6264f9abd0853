/// What etcd knows of the cluster that a node belongs to, as far as rebuilding the node needs it.
@NullMarked
package io.etcdmedic.node.cluster;

import org.jspecify.annotations.NullMarked;
