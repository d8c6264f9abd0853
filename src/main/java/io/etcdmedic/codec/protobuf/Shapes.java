package io.etcdmedic.codec.protobuf;

import io.etcdmedic.schema.MessageType;
import io.etcdmedic.schema.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The shapes of a schema's types, each made when first met. Safe for many threads.
public final class Shapes {
    private static final String ANY_OBJECT = "k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata";

    private final Schema schema;
    private final Map<MessageType, Shape> made = new ConcurrentHashMap<>();

    public Shapes(Schema schema) {
        this.schema = schema;
    }

    public boolean knows(String apiVersion, String kind) {
        return schema.kind(apiVersion, kind).isPresent();
    }

    Optional<Shape> kind(String apiVersion, String kind) {
        return schema.kind(apiVersion, kind)
                // DRA's alpha groups of 1.26 to 1.30 registered the answer that every API gives under their own name.
                .or(() -> kind.equals("Status") ? schema.kind("v1", kind) : Optional.empty())
                .map(this::of);
    }

    /// What every object has: `metadata` as its field 1.
    Shape anyObject() {
        return of(schema.message(ANY_OBJECT).orElseThrow());
    }

    /// The only type that Kubernetes encodes without naming it.
    Shape nameless() {
        return kind("v1", "WatchEvent").orElseThrow();
    }

    Shape of(MessageType type) {
        Shape known = made.get(type);
        if (known != null) {
            return known;
        }
        Shape shape = new Shape(this, type);
        Shape other = made.putIfAbsent(type, shape);
        return other == null ? shape : other;
    }
}
