package io.etcdmedic.runbook;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the fixture's own apiserver answered for a key at its revision; JSON as it is.
record GoldenDecoder(Map<String, Document> objects) implements Decoder {

    static GoldenDecoder of(Path golden) {
        Map<String, Document> objects = new HashMap<>();
        try {
            for (String line : Files.readAllLines(golden)) {
                Document row = Json.read(line);
                objects.put(
                        row.text("key").orElseThrow() + "@"
                                + row.whole("modRevision").orElseThrow(),
                        row.at("object").orElseThrow());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GoldenDecoder(objects);
    }

    @Override
    public Document decode(Entry entry) {
        if (entry.value().startsWith(Bytes.utf8("{"))) {
            return Json.read(entry.value());
        }
        return Optional.ofNullable(objects.get(entry.key().text() + "@" + entry.modRevision()))
                .orElseThrow(() -> new Failure.Corrupt(
                        Problem.in("decoding " + entry.key().display()).found("bytes that no apiserver can decode")));
    }
}
