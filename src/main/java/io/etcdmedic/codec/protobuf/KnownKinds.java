package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import java.util.HashMap;
import java.util.Map;

/// The kinds that one transcoder met, found by the very bytes that name them. Not for several threads.
final class KnownKinds {
    /// Far more than a cluster has; hostile values may name a new one each.
    private static final int KINDS_MAX = 4096;

    private final Shapes shapes;
    private final Map<Bytes, Known> met = new HashMap<>();

    /// @param names `"apiVersion":"v1","kind":"Pod",`
    /// @param shape of a kind that the schema does not know: its metadata, or nothing
    record Known(byte[] names, Shape shape) {}

    KnownKinds(Shapes shapes) {
        this.shapes = shapes;
    }

    /// @throws WireFault when the envelope names no kind
    Known of(StoredEnvelope envelope, WireReader in) {
        Known known = met.get(envelope.typeMeta());
        return known == null ? meet(envelope, in) : known;
    }

    private Known meet(StoredEnvelope envelope, WireReader in) {
        String apiVersion = envelope.apiVersion();
        String kind = envelope.kind();
        if (apiVersion.isEmpty() && kind.isEmpty() && !envelope.typeMeta().isEmpty()) {
            return new Known(new byte[0], shapes.nameless());
        }
        if (apiVersion.isEmpty() || kind.isEmpty()) {
            throw new WireFault("an envelope that names no " + (kind.isEmpty() ? "kind" : "apiVersion"), in.offset());
        }
        JsonOutput names = new JsonOutput(64);
        names.key("apiVersion");
        names.text(apiVersion);
        names.key("kind");
        names.text(kind);
        var shape = shapes.kind(apiVersion, kind);
        Known known =
                new Known(names.toBytes().toArray(), shape.orElseGet(() -> AnyObject.shape(shapes, envelope, in)));
        if (shape.isPresent()) {
            if (met.size() == KINDS_MAX) {
                met.clear();
            }
            met.put(Bytes.owned(envelope.typeMeta().toArray()), known);
        }
        return known;
    }
}
