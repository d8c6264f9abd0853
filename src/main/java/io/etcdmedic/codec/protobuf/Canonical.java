package io.etcdmedic.codec.protobuf;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.protobuf.UnknownFields.Spans;
import io.etcdmedic.schema.Type;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import io.etcdmedic.wire.WireWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Puts a message in order: fields by number, a single field once, a map's keys ascending.
///
/// It means the same to a reader such as Kubernetes' own: of a scalar the last one counts, messages of one
/// field are merged, a list's elements keep their order, of a map's entries with one key the last one
/// counts.
/// Source: https://protobuf.dev/programming-guides/encoding#last-one-wins; gogo/protobuf plugin/unmarshal.
final class Canonical {
    private final WireWriter out;
    private final WireReader in;

    private Canonical(WireReader in) {
        this.in = new WireReader(in.array(), in.position(), in.limit() - in.position());
        this.out = new WireWriter(in.limit() - in.position() + 64);
    }

    /// The rest of what `in` holds, in order. `in` stays where it is.
    ///
    /// @throws WireFault with an offset from the beginning of what `in` holds, and the path
    static Bytes of(Shape shape, WireReader in) {
        Canonical canonical = new Canonical(in);
        try {
            canonical.message(shape, new long[] {span(in.position(), in.limit())}, 0);
        } catch (WireFault fault) {
            throw fault.shifted(in.offset());
        }
        return canonical.out.toBytes();
    }

    private static long span(int from, int to) {
        return (long) from << 32 | to;
    }

    /// Writes, from the last field to the first, what the `parts` of one message hold together.
    private void message(Shape shape, long[] parts, int depth) {
        if (depth > Transcoder.DEPTH_MAX) {
            throw new WireFault("messages nested more than " + Transcoder.DEPTH_MAX + " deep", in.offset());
        }
        Spans spans = spans(parts);
        int to = spans.count();
        while (to > 0) {
            int from = to - 1;
            int number = spans.number(from);
            while (from > 0 && spans.number(from - 1) == number) {
                from--;
            }
            Slot slot = shape.slot(number);
            if (slot == null) {
                copies(spans, from, to);
            } else {
                try {
                    field(slot, spans, from, to, depth);
                } catch (WireFault fault) {
                    throw fault.within(slot.jsonName());
                }
            }
            to = from;
        }
    }

    private Spans spans(long[] parts) {
        long[] all = new long[0];
        int count = 0;
        for (long part : parts) {
            in.seek((int) (part >>> 32));
            int outer = in.enter((int) part - in.position());
            int start = in.position();
            while (!in.atEnd()) {
                in.skip(in.tag());
            }
            Spans some = Spans.of(in, start, _ -> true);
            in.leave(outer);
            all = Arrays.copyOf(all, count + some.count());
            System.arraycopy(some.found(), 0, all, count, some.count());
            count += some.count();
        }
        if (parts.length > 1) {
            // Stable by number: the parts lie in the order of the wire, and so do positions.
            Arrays.sort(all, 0, count);
        }
        return new Spans(all, count);
    }

    private void copies(Spans spans, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            copy(spans.position(i));
        }
    }

    private void copy(int position) {
        in.seek(position);
        in.skip(in.tag());
        out.raw(in.array(), position, in.position() - position);
    }

    private void field(Slot slot, Spans spans, int from, int to, int depth) {
        if (slot.count == Slot.Count.MAP) {
            map(slot, spans, from, to, depth);
        } else if (slot.count == Slot.Count.LIST) {
            for (int i = to - 1; i >= from; i--) {
                elements(slot, spans.position(i), depth);
            }
        } else if (slot.type() == Type.MESSAGE) {
            long[] parts = new long[to - from];
            for (int i = from; i < to; i++) {
                parts[i - from] = content(slot, spans.position(i));
            }
            nested(slot, slot.number, parts, depth);
        } else {
            in.seek(spans.position(to - 1));
            requireTag(slot, in.tag());
            copy(spans.position(to - 1));
        }
    }

    private void elements(Slot slot, int position, int depth) {
        in.seek(position);
        int tag = in.tag();
        if (slot.type() == Type.MESSAGE) {
            nested(slot, slot.number, new long[] {content(slot, position)}, depth);
        } else if (tag != slot.tag && slot.type().packable() && WireReader.type(tag) == WireReader.LENGTH) {
            packed(slot, in.length());
        } else {
            requireTag(slot, tag);
            copy(position);
        }
    }

    /// The elements of a packed list one by one.
    private void packed(Slot slot, int length) {
        int outer = in.enter(length);
        int[] ends = new int[Math.max(1, length)];
        int count = 0;
        int start = in.position();
        while (!in.atEnd()) {
            in.skip(slot.tag);
            ends[count++] = in.position();
        }
        in.leave(outer);
        for (int i = count - 1; i >= 0; i--) {
            int from = i == 0 ? start : ends[i - 1];
            out.raw(in.array(), from, ends[i] - from);
            out.tag(slot.number, WireReader.type(slot.tag));
        }
    }

    private long content(Slot slot, int position) {
        in.seek(position);
        requireTag(slot, in.tag());
        int length = in.length();
        return span(in.position(), in.position() + length);
    }

    private void nested(Slot slot, int number, long[] parts, int depth) {
        int before = out.length();
        message(slot.child(), parts, depth + 1);
        out.message(number, before);
    }

    private void map(Slot slot, Spans spans, int from, int to, int depth) {
        TreeMap<Bytes, Integer> entries = new TreeMap<>();
        for (int i = from; i < to; i++) {
            in.seek(spans.position(i));
            requireTag(slot, in.tag());
            entries.put(key(slot), spans.position(i));
        }
        for (Map.Entry<Bytes, Integer> entry : entries.descendingMap().entrySet()) {
            int before = out.length();
            in.seek(entry.getValue());
            in.tag();
            value(slot, depth);
            if (slot.keyType() == Type.STRING) {
                out.field(1, entry.getKey());
            } else {
                out.raw(entry.getKey());
                out.tag(1, slot.keyType().wireType());
            }
            out.message(slot.number, before);
        }
    }

    /// The key of the entry whose length comes next.
    private Bytes key(Slot slot) {
        Bytes key = slot.keyType() == Type.STRING
                ? Bytes.EMPTY
                : Bytes.owned(
                        new byte
                                [slot.keyType().wireType() == 0
                                        ? 1
                                        : slot.keyType().wireType() == 1 ? 8 : 4]);
        int outer = in.enter(in.length());
        while (!in.atEnd()) {
            int tag = in.tag();
            if (tag == (1 << 3 | WireReader.LENGTH)) {
                key = in.bytes();
            } else if (WireReader.number(tag) == 1) {
                int start = in.position();
                in.skip(tag);
                key = Bytes.owned(in.array(), start, in.position() - start);
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        return key;
    }

    /// Writes the value of the entry whose length comes next.
    private void value(Slot slot, int depth) {
        int outer = in.enter(in.length());
        int found = -1;
        while (!in.atEnd()) {
            int at = in.position();
            int tag = in.tag();
            found = WireReader.number(tag) == 2 ? at : found;
            in.skip(tag);
        }
        in.leave(outer);
        if (found < 0) {
            return;
        }
        in.seek(found);
        int tag = in.tag();
        if (WireReader.type(tag) != slot.type().wireType()) {
            throw new WireFault("wire type " + WireReader.type(tag) + " of a map's value", in.offset());
        }
        if (slot.type() == Type.MESSAGE) {
            int length = in.length();
            nested(slot, 2, new long[] {span(in.position(), in.position() + length)}, depth);
        } else {
            copy(found);
        }
    }

    private void requireTag(Slot slot, int tag) {
        if (WireReader.type(tag) != WireReader.type(slot.tag)) {
            throw new WireFault(
                    "wire type " + WireReader.type(tag) + " where " + WireReader.type(slot.tag) + " belongs",
                    in.offset());
        }
    }
}
