/// The bbolt file format, to be read and never written: metas, pages, buckets, cursors. It has never heard of etcd.
@NullMarked
package io.etcdmedic.bbolt;

import org.jspecify.annotations.NullMarked;
