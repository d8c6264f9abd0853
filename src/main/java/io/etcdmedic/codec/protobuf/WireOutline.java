package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The wire structure of a stored value, field by field: what precedes damage is still there to see.
public final class WireOutline {
    /// A listing for people ends here; hostile bytes have a field in every second byte.
    private static final int LINES_MAX = 100_000;

    private static final int TEXT_MAX = 120;

    private final Shapes shapes;
    private final List<Line> lines = new ArrayList<>();
    private final WireReader in;

    private WireOutline(Shapes shapes, Bytes value) {
        this.shapes = shapes;
        this.in = new WireReader(value);
    }

    /// @param offset of the field's tag, in bytes from the beginning of the value
    /// @param depth how many messages the field stands in
    /// @param field its name; `?` for one that the schema does not know
    /// @param wire `varint`, `fixed64`, `length`, `group`, `fixed32`; `damage` for what could not be read
    /// @param value escaped, on one line
    public record Line(int offset, int depth, int number, String field, String wire, String value) {}

    /// @param value from its magic number on; any bytes
    public static List<Line> of(Shapes shapes, Bytes value) {
        WireOutline outline = new WireOutline(shapes, value);
        try {
            outline.envelope();
        } catch (WireFault fault) {
            outline.lines.add(new Line(fault.offset(), 0, 0, fault.path(), "damage", fault.found()));
        }
        return outline.lines;
    }

    private void envelope() {
        in.skipBytes(StoredEnvelope.MAGIC.length());
        Bytes typeMeta = Bytes.EMPTY;
        while (!in.atEnd()) {
            int at = in.offset();
            int tag = in.tag();
            String name = switch (WireReader.number(tag)) {
                case 1 -> "typeMeta";
                case 2 -> "raw";
                case 3 -> "contentEncoding";
                case 4 -> "contentType";
                default -> "?";
            };
            int number = WireReader.number(tag);
            if (WireReader.type(tag) != WireReader.LENGTH || number > 2) {
                plain(at, 0, tag, name);
                continue;
            }
            int from = in.position();
            int length = cut(at, 0, number, name);
            int outer = in.enter(length);
            if (number == 1) {
                typeMeta = Bytes.owned(in.array(), in.position(), length);
                typeMeta();
            } else {
                message(shape(typeMeta).orElse(null), 1);
            }
            in.leave(outer);
            if (in.position() < from) {
                throw new WireFault("no progress", at);
            }
        }
    }

    /// The length of a message; of one that is longer than what is left, what is left, so that it is still
    /// shown.
    private int cut(int at, int depth, int number, String name) {
        int start = in.position();
        try {
            int length = in.length();
            add(at, depth, number, name, "length", length + " bytes");
            return length;
        } catch (WireFault fault) {
            in.seek(start);
            in.varint();
            add(at, depth, number, name, "damage", fault.found() + "; what is left follows");
            return in.limit() - in.position();
        }
    }

    private void typeMeta() {
        while (!in.atEnd()) {
            int at = in.offset();
            int tag = in.tag();
            plain(at, 1, tag, WireReader.number(tag) == 1 ? "apiVersion" : WireReader.number(tag) == 2 ? "kind" : "?");
        }
    }

    private Optional<Shape> shape(Bytes typeMeta) {
        try {
            StoredEnvelope named = new StoredEnvelope(typeMeta, 0, 0, Bytes.EMPTY, Bytes.EMPTY);
            return shapes.kind(named.apiVersion(), named.kind()).or(() -> Optional.of(shapes.anyObject()));
        } catch (WireFault _) {
            return Optional.empty();
        }
    }

    private void message(@Nullable Shape shape, int depth) {
        while (!in.atEnd()) {
            int at = in.offset();
            int tag = in.tag();
            Slot slot = shape == null ? null : shape.slot(WireReader.number(tag));
            String name = slot == null ? "?" : slot.jsonName();
            if (slot == null || !isNested(slot, tag) || depth >= Transcoder.DEPTH_MAX) {
                plain(at, depth, tag, name);
                continue;
            }
            int length = cut(at, depth, WireReader.number(tag), name);
            int outer = in.enter(length);
            if (slot.count == Slot.Count.MAP) {
                entry(slot, depth + 1);
            } else {
                message(slot.child(), depth + 1);
            }
            in.leave(outer);
        }
    }

    private static boolean isNested(Slot slot, int tag) {
        return (slot.isMessage() || slot.count == Slot.Count.MAP) && WireReader.type(tag) == WireReader.LENGTH;
    }

    private void entry(Slot slot, int depth) {
        while (!in.atEnd()) {
            int at = in.offset();
            int tag = in.tag();
            if (tag == (2 << 3 | WireReader.LENGTH) && slot.isMessage()) {
                int length = in.length();
                add(at, depth, 2, "value", "length", length + " bytes");
                int outer = in.enter(length);
                message(slot.child(), depth + 1);
                in.leave(outer);
            } else {
                plain(at, depth, tag, WireReader.number(tag) == 1 ? "key" : "value");
            }
        }
    }

    private void plain(int at, int depth, int tag, String name) {
        int number = WireReader.number(tag);
        switch (WireReader.type(tag)) {
            case WireReader.VARINT -> add(at, depth, number, name, "varint", Long.toString(in.varint()));
            case WireReader.FIXED64 -> add(at, depth, number, name, "fixed64", Long.toString(in.fixed64()));
            case WireReader.FIXED32 -> add(at, depth, number, name, "fixed32", Integer.toString(in.fixed32()));
            case WireReader.LENGTH -> {
                Bytes bytes = in.bytes();
                String more = bytes.length() > TEXT_MAX ? "… (" + bytes.length() + " bytes)" : "";
                Bytes shown = bytes.slice(0, Math.min(TEXT_MAX, bytes.length()));
                add(at, depth, number, name, "length", '"' + Escape.printable(shown) + '"' + more);
            }
            default -> {
                int from = in.position();
                in.skip(tag);
                add(at, depth, number, name, "group", (in.position() - from) + " bytes");
            }
        }
    }

    private void add(int at, int depth, int number, String name, String wire, String value) {
        if (lines.size() >= LINES_MAX) {
            throw new WireFault("more than " + LINES_MAX + " fields; the rest is not shown", at);
        }
        lines.add(new Line(at, depth, number, name, wire, value));
    }
}
