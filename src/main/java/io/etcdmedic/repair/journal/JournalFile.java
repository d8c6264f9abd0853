package io.etcdmedic.repair.journal;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.repair.plan.Forms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// What a journal file holds, read as far as it can be believed.
///
/// Shape: a JSON object on each line, `{"length":N,"crc32c":"…","entry":{"sequence":N,"prevSha256":"…","time":"…",
/// "record":{…}}}`; length in bytes and checksum (Castagnoli) are of the entry's text as it stands there. `prevSha256`
/// is the hash of the whole line before, without its line feed; of the first it is 64 zeros. A chain on one disk finds
/// edits and losses, not a rewrite of the whole by somebody who knows how.
///
/// @param lines the entries that can be believed, in order
/// @param end the length in bytes of what can be believed
/// @param broken why nothing behind `end` is believed; empty: nothing is there, or only a torn line
public record JournalFile(Path path, List<Line> lines, long end, Tail tail, String broken) {
    static final String NO_HASH = "0".repeat(Sha256.HEX_LENGTH);
    private static final Pattern SHAPE =
            Pattern.compile("\\{\"length\":([0-9]{1,9}),\"crc32c\":\"([0-9a-f]{8})\",\"entry\":(\\{.*\\})\\}");

    private static final Pattern LENGTH = Pattern.compile("\\{\"length\":([0-9]{1,9}),");

    /// The bytes of a line beside the entry and the digits of its length.
    private static final int AROUND_ENTRY = "{\"length\":,\"crc32c\":\"00000000\",\"entry\":}".length();

    /// How the file ends.
    public enum Tail {
        NONE,
        /// The last line is whole but for its line feed.
        UNENDED,
        /// A write was cut off, and so never answered: its beginning stands behind `end`.
        TORN
    }

    public JournalFile {
        lines = List.copyOf(lines);
    }

    /// @param time when it was written, ISO 8601, UTC; a label
    /// @param sha256 of the line
    public record Line(long sequence, String time, Record record, Sha256 sha256) {}

    /// A missing file is an empty journal.
    ///
    /// @throws Failure.Unreachable when it cannot be read
    public static JournalFile read(Path path) {
        try {
            if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                return new JournalFile(path, List.of(), 0, Tail.NONE, "");
            }
            return read(path, Bytes.owned(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("reading the journal " + path).found(IoReason.of(e)))
                    .because(e);
        }
    }

    private static JournalFile read(Path path, Bytes text) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf((byte) '\n', 0); end >= 0; end = text.indexOf((byte) '\n', start)) {
            String prev = lines.isEmpty() ? NO_HASH : lines.getLast().sha256().hex();
            try {
                lines.add(line(text.slice(start, end), lines.size() + 1L, prev));
            } catch (Failure.Corrupt wrong) {
                return new JournalFile(
                        path,
                        lines,
                        start,
                        Tail.NONE,
                        "line " + (lines.size() + 1) + ": " + wrong.problem().message());
            }
            start = end + 1;
        }
        return tail(path, lines, text, start);
    }

    /// What stands behind the last line feed. A write that was cut off is a beginning of a line; all of a line without
    /// its line feed is believed; anything else was not written by us.
    private static JournalFile tail(Path path, List<Line> lines, Bytes text, int start) {
        Bytes tail = text.from(start);
        if (tail.isEmpty()) {
            return new JournalFile(path, lines, start, Tail.NONE, "");
        }
        String prev = lines.isEmpty() ? NO_HASH : lines.getLast().sha256().hex();
        try {
            lines.add(line(tail, lines.size() + 1L, prev));
            return new JournalFile(path, lines, text.length(), Tail.UNENDED, "");
        } catch (Failure.Corrupt notWhole) {
            Matcher length = LENGTH.matcher(tail.toUtf8());
            boolean longer = length.lookingAt()
                    && tail.length() >= AROUND_ENTRY + length.group(1).length() + Integer.parseInt(length.group(1));
            return longer
                    ? new JournalFile(
                            path,
                            lines,
                            start,
                            Tail.NONE,
                            "line " + (lines.size() + 1) + ": "
                                    + notWhole.problem().message())
                    : new JournalFile(path, lines, start, Tail.TORN, "");
        }
    }

    private static Line line(Bytes text, long sequence, String prev) {
        Matcher shape = SHAPE.matcher(text.toUtf8());
        if (!shape.matches()) {
            throw corrupt("no journal line", "");
        }
        Bytes entry = Bytes.utf8(shape.group(3));
        if (entry.length() != Integer.parseInt(shape.group(1)) || !crc(entry).equals(shape.group(2))) {
            throw corrupt("a length or checksum that does not fit", "");
        }
        Document read = Json.read(entry);
        if (read.whole("sequence").orElse(-1) != sequence) {
            throw corrupt("sequence " + read.whole("sequence").orElse(-1), Long.toString(sequence));
        }
        if (!read.text("prevSha256").orElse("").equals(prev)) {
            throw corrupt("a hash of the line before that is another line's", "the chain unbroken");
        }
        Record record = Forms.form().read(Record.class, read.at("record").orElse(Document.Nil.NULL));
        return new Line(sequence, read.text("time").orElse(""), record, Sha256.of(text));
    }

    /// The line for `record`, without its line feed.
    static Bytes line(long sequence, String prev, String time, Record record) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        fields.put("sequence", new Whole(sequence));
        fields.put("prevSha256", new Text(prev));
        fields.put("time", new Text(time));
        fields.put("record", Forms.form().write(record));
        Bytes entry = Json.compactBytes(new Mapping(fields));
        return Bytes.utf8("{\"length\":" + entry.length() + ",\"crc32c\":\"" + crc(entry) + "\",\"entry\":")
                .concat(entry)
                .concat(Bytes.utf8("}"));
    }

    private static String crc(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asBuffer());
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    public List<Record> records() {
        return lines.stream().map(Line::record).toList();
    }

    /// The hash that the next line chains to.
    public String head() {
        return lines.isEmpty() ? NO_HASH : lines.getLast().sha256().hex();
    }

    /// @throws Failure.Refused when the journal was edited or damaged
    public JournalFile requireWhole() {
        if (!broken.isEmpty()) {
            throw new Failure.Refused(Problem.in("opening the journal " + path)
                    .found("its chain is broken at " + broken)
                    .expected("a journal as medic wrote it")
                    .hint("medic journal list and journal verify still read it; nothing is written until the file is"
                            + " restored, or moved away once no entry is open"));
        }
        return this;
    }

    private static Failure.Corrupt corrupt(String found, String expected) {
        return new Failure.Corrupt(Problem.in("reading it").found(found).expected(expected));
    }
}
