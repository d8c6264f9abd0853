/// An etcd database file as a keyspace: a snapshot, or the `member/snap/db` of a member that does not run.
@NullMarked
package io.etcdmedic.snapshot;

import org.jspecify.annotations.NullMarked;
