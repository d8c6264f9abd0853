package io.etcdmedic.repair.state;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.repair.plan.Forms;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.repair.plan.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// A plan on disk: `FILE` in canonical JSON without any stored value, and `FILE.values` with the bytes it writes.
///
/// Both are 0600 and made exclusively. Canonical: fields sorted, four spaces, a line's end. A file that is not
/// exactly what this class would write is refused, so every plan has one text and one hash, which `plan apply
/// --approve` takes. It is a stranger's file until then: nothing in it is believed that the guards do not check
/// again.
///
/// @param sha256 of `FILE`
public record PlanFile(Plan plan, Sha256 sha256) {
    /// Raised with every change of the form that an older or newer version would misread.
    public static final int FORMAT = 1;

    private static final String KIND = "etcd-medic plan";
    private static final String VALUES_KIND = "etcd-medic plan values";
    private static final long FILE_BYTES_MAX = 256L << 20;

    /// Writes both files; neither may exist. The values go first: a plan without them could not be read.
    ///
    /// @throws Failure.Refused when one exists or others can write to the folder
    public static PlanFile write(Path file, Plan plan) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure.Refused(Problem.in("writing the plan " + file)
                    .found("the file exists already")
                    .expected("a new name: a plan is never overwritten"));
        }
        Bytes text = text(plan);
        if (!plan.named().isEmpty()) {
            DurableFile.streamNew(values(file), valuesText(plan)::writeTo);
        }
        DurableFile.streamNew(file, text::writeTo);
        return new PlanFile(plan, Sha256.of(text));
    }

    public static Path values(Path file) {
        return file.resolveSibling(file.getFileName() + ".values");
    }

    /// Reads both files, strictly.
    ///
    /// @throws Failure.Refused for a file that is no plan, of another format, edited, or without its values
    public static PlanFile read(Path file) {
        Problem reading = Problem.in("reading the plan " + file);
        Bytes text = content(file, reading);
        Mapping top = mapping(text, reading);
        if (!top.text("kind").equals(java.util.Optional.of(KIND))) {
            throw refused(reading.found("it is not a plan").expected("a file that --plan wrote"));
        }
        long format = top.whole("format").orElse(-1);
        if (format != FORMAT) {
            throw refused(reading.found("it has format " + format)
                    .expected("format " + FORMAT + ", which this version of medic writes and reads")
                    .hint("make the plan anew with this version"));
        }
        Plan plan = plan(top, text, reading);
        return new PlanFile(plan.named().isEmpty() ? plan : plan.carrying(values(plan, values(file))), Sha256.of(text));
    }

    /// @throws Failure.Refused when `approved` is the hash of another text
    public PlanFile approved(String approved, Path file) {
        if (!sha256.hex().equals(approved.strip().toLowerCase(java.util.Locale.ROOT))) {
            throw refused(Problem.in("applying the plan " + file)
                    .found("its SHA-256 is " + sha256)
                    .expected(approved.strip() + ", which was approved: the file was edited or replaced since")
                    .hint("medic plan show " + file + " shows it; approve the hash of what you have read"));
        }
        return this;
    }

    /// The values may be secret, and whoever copied the plan hither may have let others read them.
    ///
    /// @throws Failure.Refused when others than the owner can read or write them
    public static void requirePrivateValues(Path file, Plan plan) {
        Path values = values(file);
        if (plan.named().isEmpty()) {
            return;
        }
        Problem reading = Problem.in("reading the plan's values " + values);
        try {
            int mode = (int) Files.getAttribute(values, "unix:mode") & 0777;
            if ((mode & 077) != 0) {
                throw refused(reading.found("others can read or write them (mode %04o)".formatted(mode))
                        .expected("mode 0600, as medic wrote the file: values may be secret")
                        .hint("chmod 600 " + values + ", and think who may have read it"));
            }
        } catch (IOException e) {
            throw new Failure.Unreachable(reading.found(IoReason.of(e))).because(e);
        }
    }

    private static Plan plan(Mapping top, Bytes text, Problem reading) {
        Plan plan;
        try {
            plan = Forms.form().read(Plan.class, top.at("plan").orElse(Document.Nil.NULL));
        } catch (Failure.Corrupt wrong) {
            throw refused(reading.found(wrong.problem().message()).hint("the file was edited; make the plan anew"))
                    .because(wrong);
        }
        if (!text(plan).equals(text)) {
            throw refused(reading.found("it is not as medic wrote it: it was edited")
                    .expected("the canonical form")
                    .hint("make the plan anew"));
        }
        return plan;
    }

    static Bytes text(Plan plan) {
        SequencedMap<String, Document> top = new LinkedHashMap<>();
        top.put("kind", new Text(KIND));
        top.put("format", new Whole(FORMAT));
        top.put("plan", Forms.form().write(plan));
        return Bytes.utf8(Json.indented(new Mapping(top)));
    }

    static Bytes valuesText(Plan plan) {
        SequencedMap<String, Document> values = new LinkedHashMap<>();
        for (Value value : plan.named()) {
            values.put(
                    value.sha256().hex(),
                    new Text(
                            Base64.getEncoder().encodeToString(plan.bytes(value).toArray())));
        }
        SequencedMap<String, Document> top = new LinkedHashMap<>();
        top.put("kind", new Text(VALUES_KIND));
        top.put("plan", new Text(plan.id().hex()));
        top.put("values", new Mapping(values));
        return Bytes.utf8(Json.indented(new Mapping(top)));
    }

    private static Map<Sha256, Bytes> values(Plan plan, Path file) {
        Problem reading = Problem.in("reading the plan's values " + file);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(reading.found("the file is missing")
                    .expected("it beside the plan: it holds the values that the plan writes")
                    .hint("copy both files, or make the plan anew"));
        }
        Mapping top = mapping(content(file, reading), reading);
        Map<Sha256, Bytes> values = new HashMap<>();
        for (Value value : plan.named()) {
            Bytes bytes = decoded(top.text("values", value.sha256().hex()).orElse(""), reading);
            if (!Sha256.of(bytes).equals(value.sha256()) || bytes.length() != value.length()) {
                throw refused(reading.found("the value " + value.sha256() + " is missing or was changed")
                        .hint("make the plan anew"));
            }
            values.put(value.sha256(), bytes);
        }
        return values;
    }

    private static Bytes decoded(String base64, Problem reading) {
        try {
            return Bytes.owned(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException wrong) {
            throw refused(reading.found("a value that is not base64").hint("make the plan anew"))
                    .because(wrong);
        }
    }

    private static Mapping mapping(Bytes text, Problem reading) {
        try {
            if (Json.read(text) instanceof Mapping mapping) {
                return mapping;
            }
            throw refused(reading.found("it is not a plan").expected("a file that --plan wrote"));
        } catch (Failure.Corrupt wrong) {
            throw refused(reading.found("it is not a plan, nor JSON at all").expected("a file that --plan wrote"))
                    .because(wrong);
        }
    }

    private static Bytes content(Path file, Problem reading) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw refused(reading.found("a file of " + Files.size(file) + " bytes")
                        .expected("at most " + FILE_BYTES_MAX));
            }
            return Bytes.owned(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new Failure.Unreachable(reading.found(IoReason.of(e))).because(e);
        }
    }

    private static Failure.Refused refused(Problem problem) {
        return new Failure.Refused(problem);
    }
}
