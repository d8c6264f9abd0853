package io.etcdmedic.codec;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.Envelope;
import io.etcdmedic.codec.protobuf.Shapes;
import io.etcdmedic.codec.protobuf.Transcoder;
import io.etcdmedic.document.Cbor;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.schema.Schema;
import io.etcdmedic.wire.WireFault;
import java.util.Optional;

/// Stored values as documents, and back. Safe for many threads.
///
/// A document is what is stored, no more: the apiserver fills in `metadata.resourceVersion` from the key's revision.
public final class Codec {
    private static final Bytes PROTOBUF = Bytes.owned(new byte[] {'k', '8', 's', 0});

    private final Shapes shapes;
    private final AtRest atRest;
    private final RegistryKeys registry;

    /// @param registry tells which resource a key belongs to, for the rules of encryption
    public Codec(Schema schema, AtRest atRest, RegistryKeys registry) {
        this.shapes = new Shapes(schema);
        this.atRest = atRest;
        this.registry = registry;
    }

    /// With the built-in schema and without keys.
    public static Codec plain() {
        return new Codec(Schema.builtIn(), AtRest.locked(), new RegistryKeys(RegistryKeys.KNOWN_PREFIXES.getFirst()));
    }

    /// @throws Failure.Corrupt when the value breaks its format
    /// @throws Failure.Locked when it is encrypted and the key is not known
    public Document document(Entry entry) {
        return document(entry.key(), entry.value());
    }

    /// As [#document(Entry)].
    ///
    /// @param key the whole etcd key: some providers authenticate it with the value
    public Document document(Key key, Bytes value) {
        Bytes plain = decrypted(key, value);
        Problem problem = Problem.in("decoding " + key.display());
        if (plain.startsWith(Bytes.utf8("{"))) {
            return Json.read(plain);
        }
        if (plain.startsWith(Cbor.MARK)) {
            return Cbor.read(plain);
        }
        if (!plain.startsWith(PROTOBUF)) {
            throw new Failure.Corrupt(problem.found(plain.isEmpty() ? "no bytes" : "neither protobuf nor JSON"));
        }
        return Json.read(json(plain, problem));
    }

    private Bytes json(Bytes plain, Problem problem) {
        JsonOutput out = new JsonOutput(plain.length() * 2);
        try {
            new Transcoder(shapes, out).append(plain, 0);
        } catch (WireFault fault) {
            String where = fault.path().isEmpty() ? "" : " in " + fault.path();
            throw new Failure.Corrupt(problem.found(fault.found() + where + ", at byte " + fault.offset()))
                    .because(fault);
        }
        out.finish();
        return out.view();
    }

    /// The same for listings: never a failure.
    public Decoded read(Key key, Bytes value) {
        try {
            return new Decoded.Object(document(key, value));
        } catch (Failure why) {
            return Envelope.of(value)
                    .filter(_ -> why instanceof Failure.Locked)
                    .<Decoded>map(e -> new Decoded.Encrypted(e.provider(), e.name(), why))
                    .orElseGet(() -> new Decoded.Undecodable(why));
        }
    }

    /// The bytes of a value before encryption at rest; those of one that is not encrypted as they are.
    ///
    /// @throws Failure.Locked without the right key
    /// @throws Failure.Corrupt when the key is right and the bytes are not
    public Bytes decrypted(Key key, Bytes value) {
        return atRest.open(key.bytes(), resource(key), value);
    }

    private Optional<Resource> resource(Key key) {
        return registry.parse(key.bytes()).map(ObjectName::resource);
    }
}
