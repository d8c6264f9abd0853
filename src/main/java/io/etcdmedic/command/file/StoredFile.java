package io.etcdmedic.command.file;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.codec.Display;
import io.etcdmedic.codec.Encoding;
import io.etcdmedic.codec.encryption.Envelope;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.nio.file.Path;
import java.util.Locale;

/// A stored value in a file, by itself or as `etcdctl get` prints it: the key on a line before it, a line's
/// end behind.
///
/// @param key the key where one is written, else the file's name
record StoredFile(Key key, Bytes value, boolean keyed) {

    static StoredFile of(Path file, Bytes content) {
        int line = content.indexOf((byte) '\n', 0);
        if (line > 0 && !isValue(content) && isValue(content.from(line + 1))) {
            return new StoredFile(new Key(content.slice(0, line)), withoutLineEnd(content.from(line + 1)), true);
        }
        Path name = file.getFileName();
        return new StoredFile(Key.of(name == null ? "-" : name.toString()), content, false);
    }

    private static boolean isValue(Bytes bytes) {
        return Encoding.of(bytes).isPresent() || bytes.startsWith(Envelope.PREFIX);
    }

    private static Bytes withoutLineEnd(Bytes bytes) {
        boolean ends = !bytes.isEmpty() && bytes.at(bytes.length() - 1) == '\n';
        return ends ? bytes.slice(0, bytes.length() - 1) : bytes;
    }

    /// @throws Failure when the value cannot be decoded, neither as it is nor without a line's end behind it
    Document object(Display display) {
        try {
            return display.redacted(entry(value));
        } catch (Failure.Corrupt | Failure.Locked broken) {
            Bytes shorter = withoutLineEnd(value);
            if (shorter.length() == value.length()) {
                throw broken;
            }
            try {
                return display.redacted(entry(shorter));
            } catch (Failure _) {
                throw broken;
            }
        }
    }

    private Entry entry(Bytes bytes) {
        return new Entry(key, bytes, Revision.of(1), Revision.of(1), 1, LeaseId.NONE);
    }

    /// How the value is stored, for people.
    String encoding() {
        return Envelope.of(value)
                .map(e -> "encrypted (" + e.label() + ")")
                .or(() -> Encoding.of(value).map(e -> e.name().toLowerCase(Locale.ROOT)))
                .orElse("unknown");
    }

    String display() {
        return Escape.printable(key.bytes());
    }
}
