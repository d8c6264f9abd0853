package io.etcdmedic.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The message types of Kubernetes, found by apiVersion and kind or by name.
///
/// The built-in one holds every type that a release since 1.8 stored or served: the files under
/// `proto`. A type is read when first asked for, and made once. Safe for many threads.
public final class Schema {
    /// Of whose types the built-in one is made.
    public static final String RELEASES = "1.8 to 1.36";

    private final List<Declarations> layers;
    private final Map<String, MessageType> types = new ConcurrentHashMap<>();

    /// @param layers the first that knows a name wins
    private Schema(List<Declarations> layers) {
        this.layers = layers;
    }

    /// The built-in schema.
    public static Schema builtIn() {
        return BuiltIn.SCHEMA;
    }

    /// This schema and the messages of a `FileDescriptorSet`, as `protoc --descriptor_set_out`
    /// writes it; a message of the same name takes the place of ours.
    ///
    /// Kinds: messages with our option `medic.kind`; in files without our options every message
    /// that has `metadata`, in a package `….GROUP.VERSION`, where GROUP is the API group up to its
    /// first dot. A field without our options whose number and name we know keeps the JSON
    /// behaviour we know; others are written when they are on the wire.
    ///
    /// @throws io.etcdmedic.failure.Failure.Corrupt when the bytes are no descriptor set, or refer
    ///     to a message that neither they nor this schema hold
    public Schema withDescriptorSet(byte[] descriptorSet) {
        List<Declarations> more = new ArrayList<>(layers);
        more.addFirst(DescriptorSet.read(descriptorSet, this));
        return new Schema(List.copyOf(more));
    }

    /// The type of an object, from its own words: `apps/v1` and `Deployment`; the core group is `v1`.
    public Optional<MessageType> kind(String apiVersion, String kind) {
        for (Declarations layer : layers) {
            Optional<String> message = layer.kind(apiVersion, kind);
            if (message.isPresent()) {
                return message(message.get());
            }
        }
        return Optional.empty();
    }

    /// The type of this full name: `k8s.io.api.core.v1.Pod`.
    public Optional<MessageType> message(String fullName) {
        MessageType known = types.get(fullName);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<MessageDeclaration> found = declaration(fullName);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        MessageType made = new MessageType(this, found.get());
        MessageType other = types.putIfAbsent(fullName, made);
        return Optional.of(other == null ? made : other);
    }

    /// Every kind, also lists and options, in order of apiVersion and kind within each source of types.
    public List<Kind> kinds() {
        Map<List<String>, Kind> kinds = new LinkedHashMap<>();
        for (Declarations layer : layers) {
            for (Kind kind : layer.kinds()) {
                kinds.putIfAbsent(List.of(kind.apiVersion(), kind.kind()), kind);
            }
        }
        return List.copyOf(kinds.values());
    }

    Optional<MessageDeclaration> declaration(String fullName) {
        for (Declarations layer : layers) {
            Optional<MessageDeclaration> found = layer.message(fullName);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /// The type of a name that a field refers to; each layer was checked to hold no other when it
    /// was made.
    MessageType required(String fullName) {
        return message(fullName).orElseThrow(() -> new IllegalStateException("the schema has no message " + fullName));
    }

    private static final class BuiltIn {
        static final Schema SCHEMA = new Schema(List.of(SchemaFile.builtIn()));
    }
}
