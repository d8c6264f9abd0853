/// A revisioned, ordered map of keys to values, whatever answers: a live cluster, a snapshot file, an overlay.
@NullMarked
package io.etcdmedic.keyspace;

import org.jspecify.annotations.NullMarked;
