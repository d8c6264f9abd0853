/// The Kubernetes API as far as repairs need it.
@NullMarked
package io.etcdmedic.apiserver;

import org.jspecify.annotations.NullMarked;
