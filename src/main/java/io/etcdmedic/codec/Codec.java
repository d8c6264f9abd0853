package io.etcdmedic.codec;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.AtRest;
import io.etcdmedic.codec.encryption.Envelope;
import io.etcdmedic.codec.protobuf.Encoder;
import io.etcdmedic.codec.protobuf.GoJson;
import io.etcdmedic.codec.protobuf.Mismatch;
import io.etcdmedic.codec.protobuf.Shapes;
import io.etcdmedic.codec.protobuf.Transcoder;
import io.etcdmedic.codec.protobuf.WireOutline;
import io.etcdmedic.document.Cbor;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.document.JsonText;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.kubernetes.Resource;
import io.etcdmedic.schema.Schema;
import io.etcdmedic.wire.WireFault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Stored values as documents, and back. Safe for many threads.
///
/// A document is what is stored, no more: the apiserver fills in `metadata.resourceVersion` from the key's
/// revision.
public final class Codec {
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
        return document(key, value, 0);
    }

    /// As the apiserver answers it.
    ///
    /// @param revision shown as `metadata.resourceVersion` of what is stored as protobuf; 0 for none
    Document document(Key key, Bytes value, long revision) {
        Bytes plain = decrypted(key, value);
        Problem problem = Problem.in("decoding " + key.display());
        return switch (Encoding.of(plain).orElseThrow(() -> unknown(plain, problem))) {
            case PROTOBUF -> Json.read(json(plain, revision, problem));
            case JSON -> Json.read(plain, _ -> {});
            case CBOR -> Cbor.read(plain);
        };
    }

    /// The stored bytes of `document`, in the format that the key had.
    ///
    /// Byte for byte `like` when the document says the same. Else what it does not touch keeps its spelling.
    ///
    /// @param like what the key holds, encrypted or not; what was encrypted is encrypted again, with the first
    ///     provider of its resource. Empty for a new value: protobuf if the schema knows its kind, else JSON.
    /// @throws Failure.Refused when something in the document is not shown, or does not fit its type
    public Bytes encode(Key key, Document document, Bytes like) {
        Bytes plain = decrypted(key, like);
        Bytes encoded = encode(document, plain);
        boolean sealed = Envelope.of(like).isPresent();
        if (encoded.equals(plain)) {
            return like;
        }
        return sealed || like.isEmpty() ? atRest.seal(key.bytes(), resource(key), encoded) : encoded;
    }

    /// As [#encode(Key, Document, Bytes)], for values that are not encrypted.
    public Bytes encode(Document document, Bytes like) {
        Markers.requireNone(document);
        Encoding encoding =
                like.isEmpty() ? natural(document) : Encoding.of(like).orElse(Encoding.PROTOBUF);
        return isUnchanged(document, like) ? like : encode(document, encoding, like);
    }

    /// A new value, as the newest release of Kubernetes stores it.
    ///
    /// @param to empty for the format of its kind
    public Encoder.Newest newest(Document document, Optional<Encoding> to) {
        Markers.requireNone(document);
        Encoding encoding = to.orElseGet(() -> natural(document));
        if (encoding != Encoding.PROTOBUF || !(document instanceof Document.Mapping object)) {
            return new Encoder.Newest(encode(document, encoding, Bytes.EMPTY), List.of());
        }
        return fitting(problem(object), () -> Encoder.newest(shapes, object));
    }

    /// A new value in this format.
    public Bytes encode(Document document, Encoding encoding) {
        Markers.requireNone(document);
        return encode(document, encoding, Bytes.EMPTY);
    }

    private boolean isUnchanged(Document document, Bytes like) {
        try {
            return !like.isEmpty() && document(Key.of("the value before"), like).equals(document);
        } catch (Failure.Corrupt _) {
            return false;
        }
    }

    private Encoding natural(Document document) {
        boolean known = shapes.knows(
                document.text("apiVersion").orElse(""), document.text("kind").orElse(""));
        return known ? Encoding.PROTOBUF : Encoding.JSON;
    }

    private Bytes encode(Document document, Encoding encoding, Bytes like) {
        Problem problem = problem(document);
        if (!(document instanceof Document.Mapping object)) {
            throw new Failure.Refused(problem.found("no mapping").expected("an object with apiVersion and kind"));
        }
        return switch (encoding) {
            case PROTOBUF -> fitting(problem, () -> Encoder.encode(shapes, object, like));
            case JSON -> GoJson.bytes(object).concat(Bytes.utf8("\n"));
            case CBOR -> Cbor.write(object);
        };
    }

    private static Problem problem(Document document) {
        return Problem.in("encoding " + document.text("kind").orElse("a document") + " "
                + document.text("metadata", "name").orElse(""));
    }

    private static <T> T fitting(Problem problem, Supplier<T> encoded) {
        try {
            return encoded.get();
        } catch (Mismatch mismatch) {
            String where = mismatch.path().isEmpty() ? "" : mismatch.path() + ": ";
            throw new Failure.Refused(problem.found(where + mismatch.found()).expected(mismatch.expected()))
                    .because(mismatch);
        }
    }

    private static Failure unknown(Bytes plain, Problem problem) {
        return new Failure.Corrupt(problem.found(
                        plain.isEmpty()
                                ? "no bytes"
                                : "bytes that begin with "
                                        + plain.slice(0, Math.min(8, plain.length()))
                                                .toHex())
                .expected("protobuf (k8s\\x00), JSON or CBOR")
                .hint("-o hex shows them"));
    }

    private Bytes json(Bytes plain, long revision, Problem problem) {
        JsonOutput out = new JsonOutput(plain.length() * 2);
        try {
            new Transcoder(shapes, out).append(plain, revision);
        } catch (WireFault fault) {
            throw corrupt(fault, problem);
        }
        out.finish();
        return out.view();
    }

    private static Failure corrupt(WireFault fault, Problem problem) {
        String where = fault.path().isEmpty() ? "" : " in " + fault.path();
        return new Failure.Corrupt(problem.found(fault.found() + where + ", at byte " + fault.offset())
                        .hint("-o proto shows what precedes the damage"))
                .because(fault);
    }

    Text text(JsonOutput out) {
        return new Text(out);
    }

    /// Writes values as JSON text, without a tree in between. For one thread.
    final class Text {
        private static final Bytes HAS_VERSION = Bytes.utf8("\"resourceVersion\"");
        private final JsonOutput out;
        private final Transcoder transcoder;
        private final JsonText json = new JsonText();

        private Text(JsonOutput out) {
            this.out = out;
            this.transcoder = new Transcoder(shapes, out);
        }

        /// Appends one value, with a comma behind; whether it could do so without a tree.
        ///
        /// @param revision shown as `metadata.resourceVersion`
        /// @throws Failure.Corrupt when the value breaks its format
        boolean append(Key key, Bytes plain, long revision) {
            Problem problem = Problem.in("decoding " + key.display());
            return switch (Encoding.of(plain).orElseThrow(() -> unknown(plain, problem))) {
                case PROTOBUF -> transcoded(plain, revision, problem);
                case JSON -> copy(plain, revision);
                case CBOR -> false;
            };
        }

        private boolean transcoded(Bytes plain, long revision, Problem problem) {
            try {
                transcoder.append(plain, revision);
                return true;
            } catch (WireFault fault) {
                throw corrupt(fault, problem);
            }
        }

        private boolean copy(Bytes plain, long revision) {
            byte[] array = plain.sharedArray();
            int from = plain.arrayOffset();
            if (!json.isJson(array, from, plain.length())) {
                return false;
            }
            int brace = json.metadataBrace();
            if (revision == 0 || brace < 0) {
                json.copy(array, from, plain.length(), out);
            } else if (array[brace + 1] != '"' || contains(plain, HAS_VERSION)) {
                return false;
            } else {
                json.copy(array, from, brace + 1 - from, out);
                out.key("resourceVersion");
                out.quoted(revision);
                json.copy(array, brace + 1, from + plain.length() - brace - 1, out);
            }
            out.put((byte) ',');
            return true;
        }

        private static boolean contains(Bytes bytes, Bytes wanted) {
            for (int at = bytes.indexOf(wanted.at(0), 0); at >= 0; at = bytes.indexOf(wanted.at(0), at + 1)) {
                if (bytes.from(at).startsWith(wanted)) {
                    return true;
                }
            }
            return false;
        }
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

    /// The wire structure of a value stored as protobuf, also of a damaged one.
    ///
    /// @throws Failure.Refused when it is stored in another format
    public List<WireOutline.Line> outline(Key key, Bytes value) {
        Bytes plain = decrypted(key, value);
        Problem problem = Problem.in("reading the wire structure of " + key.display());
        if (Encoding.of(plain).filter(e -> e != Encoding.PROTOBUF).isPresent()) {
            throw new Failure.Refused(problem.found("a value stored as "
                            + Encoding.of(plain).orElseThrow().name().toLowerCase(Locale.ROOT))
                    .expected("protobuf")
                    .hint("-o json or -o hex show it"));
        }
        return WireOutline.of(shapes, plain);
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
