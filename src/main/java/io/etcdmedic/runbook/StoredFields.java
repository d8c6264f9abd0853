package io.etcdmedic.runbook;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.DocumentPath;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Takes the deletion mark out of a stored value and leaves every other byte as it is, known or not.
///
/// Shape: `k8s\0`, then Unknown{2: the object}; object{1: ObjectMeta}; ObjectMeta{9: deletionTimestamp,
/// 10: deletionGracePeriodSeconds}. A value of JSON is read and written as JSON.
/// Source: K8S apimachinery runtime/generated.proto, meta/v1/generated.proto.
final class StoredFields {
    private static final Bytes ENVELOPE = Bytes.owned(new byte[] {'k', '8', 's', 0});
    private static final int OBJECT = 2;
    private static final int METADATA = 1;
    private static final Set<Integer> DELETION = Set.of(9, 10);

    private StoredFields() {}

    /// @throws Failure.Locked when the value is encrypted
    static Bytes withoutDeletion(Stored stored) {
        Bytes value = stored.entry().value();
        Problem problem =
                Problem.in("taking the deletion mark out of " + stored.key().display());
        if (value.startsWith(ENVELOPE)) {
            try {
                return ENVELOPE.concat(inside(
                        value.from(ENVELOPE.length()),
                        OBJECT,
                        object -> inside(object, METADATA, StoredFields::unmarked)));
            } catch (WireFault broken) {
                throw new Failure.Corrupt(problem.found(broken.found())).because(broken);
            }
        }
        if (value.startsWith(Bytes.utf8("{"))) {
            Document document = Json.read(value)
                    .without(DocumentPath.of("metadata", "deletionTimestamp"))
                    .without(DocumentPath.of("metadata", "deletionGracePeriodSeconds"));
            return Json.compactBytes(document);
        }
        throw new Failure.Locked(
                problem.found("it is encrypted, or in a form that is not known").expected("protobuf or JSON"));
    }

    private static Bytes unmarked(Bytes metadata) {
        return fields(metadata).stream()
                .filter(field -> !DELETION.contains(field.number()))
                .map(Field::whole)
                .reduce(Bytes.EMPTY, Bytes::concat);
    }

    /// `message` with the message in its field `number` changed.
    private static Bytes inside(Bytes message, int number, UnaryOperator<Bytes> change) {
        Bytes result = Bytes.EMPTY;
        for (Field field : fields(message)) {
            if (field.number() != number) {
                result = result.concat(field.whole());
            } else {
                Bytes changed = change.apply(field.content());
                result = result.concat(varint((long) number << 3 | WireReader.LENGTH))
                        .concat(varint(changed.length()))
                        .concat(changed);
            }
        }
        return result;
    }

    /// @param whole with its tag
    /// @param content of a length-delimited field; else empty
    private record Field(int number, Bytes whole, Bytes content) {}

    private static List<Field> fields(Bytes message) {
        List<Field> found = new ArrayList<>();
        WireReader in = new WireReader(message);
        while (!in.atEnd()) {
            int from = in.offset();
            int tag = in.tag();
            Bytes content = Bytes.EMPTY;
            if (WireReader.type(tag) == WireReader.LENGTH) {
                content = in.bytes();
            } else {
                in.skip(tag);
            }
            found.add(new Field(WireReader.number(tag), message.slice(from, in.offset()), content));
        }
        return found;
    }

    private static Bytes varint(long value) {
        byte[] bytes = new byte[10];
        int length = 0;
        long rest = value;
        while (rest > 0x7f) {
            bytes[length++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return Bytes.owned(bytes, 0, length);
    }
}
