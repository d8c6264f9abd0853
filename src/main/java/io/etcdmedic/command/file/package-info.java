/// Commands on etcd database files.
@NullMarked
package io.etcdmedic.command.file;

import org.jspecify.annotations.NullMarked;
