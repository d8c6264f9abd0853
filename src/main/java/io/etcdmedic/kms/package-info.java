/// The KMS plugin behind a Unix socket, for the codec's encryption at rest.
@NullMarked
package io.etcdmedic.kms;

import org.jspecify.annotations.NullMarked;
