/// What an operating system gives: files with their owners and modes, processes and their arguments, tools, durable
/// writes.
@NullMarked
package io.etcdmedic.host;

import org.jspecify.annotations.NullMarked;
