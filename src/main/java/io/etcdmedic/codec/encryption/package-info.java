/// Encryption at rest: the apiserver's EncryptionConfiguration, and stored values opened and sealed with it.
@NullMarked
package io.etcdmedic.codec.encryption;

import org.jspecify.annotations.NullMarked;
