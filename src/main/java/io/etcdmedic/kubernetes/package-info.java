/// Names: registry key ↔ group, resource, namespace, name; kinds and short names.
@NullMarked
package io.etcdmedic.kubernetes;

import org.jspecify.annotations.NullMarked;
