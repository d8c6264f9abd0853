package io.etcdmedic.codec;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.encryption.Envelope;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import java.util.Optional;

/// Objects the way the apiserver answers them: with `metadata.resourceVersion` from the key's revision, and
/// without what is secret. Safe for many threads.
///
/// @param redaction empty where secrets are shown
public record Display(Codec codec, Optional<Redaction> redaction) {
    private static final DocumentPath RESOURCE_VERSION = DocumentPath.of("metadata", "resourceVersion");

    /// @throws io.etcdmedic.failure.Failure as [Codec#document(Entry)]
    public Document document(Entry entry) {
        long revision = entry.modRevision().number();
        Document stored = redacted(entry, codec.document(entry.key(), entry.value(), revision));
        boolean open = stored.at("metadata").orElse(Document.Nil.NULL) instanceof Document.Mapping
                && stored.text("metadata", "resourceVersion").orElse("").isEmpty();
        return open && revision > 0 ? stored.with(RESOURCE_VERSION, new Text(Long.toString(revision))) : stored;
    }

    /// As it is stored, without what is secret.
    public Document redacted(Entry entry) {
        return redacted(entry, codec.document(entry));
    }

    /// As [Codec#read(io.etcdmedic.keyspace.Key, Bytes)], without what is secret.
    public Decoded read(Entry entry) {
        Decoded decoded = codec.read(entry.key(), entry.value());
        return decoded instanceof Decoded.Object(Document stored)
                ? new Decoded.Object(redacted(entry, stored))
                : decoded;
    }

    /// Whether anything of `document` would not be shown.
    public boolean hides(Key key, Document document) {
        return redaction.filter(r -> !r.of(key, document).equals(document)).isPresent();
    }

    /// Whether `bytes`, seen as they are, would show what is secret. What cannot be decoded counts as secret when it
    /// looks like it.
    ///
    /// @param bytes the stored ones, which may be encrypted, or the plain ones
    public boolean hides(Key key, Bytes bytes) {
        if (redaction.isEmpty() || Redaction.isGuarded(key)) {
            return redaction.isPresent();
        }
        if (Envelope.of(bytes).isPresent() || !Redaction.mayHide(key, bytes)) {
            return false;
        }
        try {
            return hides(key, codec.document(key, bytes));
        } catch (Failure.Corrupt _) {
            return true;
        }
    }

    private Document redacted(Entry entry, Document stored) {
        return redaction.map(r -> r.of(entry.key(), stored)).orElse(stored);
    }

    /// A writer of JSON for one thread.
    public Writer writer(JsonOutput out) {
        return new Writer(out);
    }

    /// Appends objects as JSON, those stored as protobuf or JSON without a tree in between.
    public final class Writer {
        private final JsonOutput out;
        private final Codec.Text text;

        private Writer(JsonOutput out) {
            this.out = out;
            this.text = codec.text(out);
        }

        /// Appends the object, with a comma behind.
        ///
        /// @throws io.etcdmedic.failure.Failure as [Codec#document(Entry)]; what was appended until then stays
        public void append(Entry entry) {
            Bytes plain = codec.decrypted(entry.key(), entry.value());
            boolean hides = redaction.isPresent() && Redaction.mayHide(entry.key(), plain);
            if (hides || !text.append(entry.key(), plain, entry.modRevision().number())) {
                Json.write(document(entry), out);
            }
        }
    }
}
