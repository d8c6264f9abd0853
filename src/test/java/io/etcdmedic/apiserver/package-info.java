/// Tests of the Kubernetes API, on real control planes.
@NullMarked
package io.etcdmedic.apiserver;

import org.jspecify.annotations.NullMarked;
