package io.etcdmedic.command.change;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.repair.Documents;
import io.etcdmedic.runbook.Decoder;
import java.util.Arrays;
import java.util.List;

/// What the engine's checks ask of stored values, answered by a decoder.
public record DecodedFields(Decoder decoder) implements Documents {

    @Override
    public Answer field(Entry entry, String pointer) {
        return answer(
                entry,
                Arrays.stream(pointer.split("/", -1))
                        .skip(1)
                        .map(step -> step.replace("~1", "/").replace("~0", "~"))
                        .toList());
    }

    @Override
    public Answer condition(Entry entry, String type) {
        return answer(entry, List.of("status", "conditions", "type=" + type, "status"));
    }

    private Answer answer(Entry entry, List<String> steps) {
        try {
            return Answer.of(Json.compact(
                    decoder.decode(entry).at(new DocumentPath(steps)).orElse(Document.Nil.NULL)));
        } catch (Failure unreadable) {
            return Answer.trouble(unreadable.problem().message());
        }
    }
}
