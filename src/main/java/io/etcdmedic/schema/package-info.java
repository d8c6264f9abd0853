/// What every Kubernetes type looks like in protobuf and in JSON, over all releases.
@NullMarked
package io.etcdmedic.schema;

import org.jspecify.annotations.NullMarked;
