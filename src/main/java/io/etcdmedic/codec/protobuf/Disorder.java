package io.etcdmedic.codec.protobuf;

/// Says that a message does not have its fields in the order of their numbers, each single one once and the
/// keys of each map ascending, as Kubernetes writes them. Such a message is put in order first: see
/// [Canonical].
final class Disorder extends RuntimeException {
    static final Disorder FOUND = new Disorder();

    private Disorder() {
        super(null, null, false, false);
    }
}
