/// Which Kubernetes and etcd run or lie on a machine: RKE1, kubeadm, RKE2, k3s, NixOS; their flags, certificates, etcd
/// access.
@NullMarked
package io.etcdmedic.installation;

import org.jspecify.annotations.NullMarked;
