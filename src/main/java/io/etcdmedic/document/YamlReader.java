package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.document.Document.Decimal;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads one YAML document the way Kubernetes' own reader understands it.
///
/// Plain scalars are resolved as in YAML 1.1 (`yes` is true, `0o17` and `017` are octal), because that is what
/// kubectl does. Aliases and anchors are refused: they make small files large. Source: sigs.k8s.io/yaml
/// goyaml.v2, resolve.go.
public final class YamlReader {
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern OTHER_BASE = Pattern.compile("([-+]?)(0x[0-9a-fA-F_]+|0b[01_]+|0o?[0-7_]+)");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    /// As jackson-core has it for JSON (StreamReadConstraints).
    private static final int NUMBER_CHARACTERS_MAX = 1_000;

    /// Twice what etcd takes for a value, in base64.
    private static final int LINE_CHARACTERS_MAX = 4 << 20;

    private static final int BUFFER_MIN = 1 << 10;
    private static final int BUFFER_MAX = 1 << 17;

    private final Problem problem;
    private TreeBuilder tree = newTree();
    /// For each open collection, whether it is a mapping; and whether its next scalar is a name.
    private final Deque<boolean[]> open = new ArrayDeque<>();

    private YamlReader(Problem problem) {
        this.problem = problem;
    }

    private TreeBuilder newTree() {
        TreeBuilder builder = new TreeBuilder();
        builder.onDuplicate(path -> {
            throw corrupt("the field " + path + " twice");
        });
        return builder;
    }

    /// @param yaml UTF-8
    /// @param name what is read, for messages: a file's name
    /// @throws Failure.Corrupt with the line
    public static Document read(Bytes yaml, String name) {
        YamlReader reader = new YamlReader(Problem.in("reading " + name));
        String text = Escape.exactUtf8(yaml).orElseThrow(() -> reader.corrupt("bytes that are not UTF-8"));
        return reader.read(text);
    }

    /// As [#read(Bytes, String)], of any number of documents; empty ones are left out.
    public static List<Document> readAll(Bytes yaml, String name) {
        YamlReader reader = new YamlReader(Problem.in("reading " + name));
        String text = Escape.exactUtf8(yaml).orElseThrow(() -> reader.corrupt("bytes that are not UTF-8"));
        return reader.documents(text);
    }

    private Document read(String text) {
        List<Document> documents = documents(text);
        if (documents.size() > 1) {
            throw corrupt("a second document");
        }
        return documents.isEmpty() ? Nil.NULL : documents.getFirst();
    }

    /// The scanner keeps a line whole, four bytes a character, and copies it each time its buffer was too small.
    private void requireShortLines(String text) {
        int start = 0;
        for (int number = 1; start <= text.length(); number++) {
            int end = text.indexOf('\n', start);
            int length = (end < 0 ? text.length() : end) - start;
            if (length > LINE_CHARACTERS_MAX) {
                throw corrupt("line " + number + " has " + length + " characters, where " + LINE_CHARACTERS_MAX
                        + " are the most");
            }
            start += length + 1;
        }
    }

    private List<Document> documents(String text) {
        requireShortLines(text);
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(Integer.MAX_VALUE)
                .setBufferSize(Math.clamp(text.length() / 32, BUFFER_MIN, BUFFER_MAX))
                .setParseComments(false)
                .build();
        try {
            List<Document> documents = new ArrayList<>();
            for (Event event : new Parse(settings).parseString(text)) {
                accept(event);
                if (event.getEventId() == Event.ID.DocumentEnd && tree.complete()) {
                    documents.add(tree.result());
                    tree = newTree();
                }
            }
            documents.removeIf(Nil.class::isInstance);
            return documents;
        } catch (MarkedYamlEngineException broken) {
            String where = broken.getProblemMark()
                    .map(m -> ", line " + (m.getLine() + 1) + " column " + (m.getColumn() + 1))
                    .orElse("");
            throw corrupt(broken.getProblem() + where).because(broken);
        } catch (YamlEngineException broken) {
            throw corrupt(String.valueOf(broken.getMessage())).because(broken);
        }
    }

    private void accept(Event event) {
        if (event instanceof AliasEvent) {
            throw corrupt("an alias, " + at(event));
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw corrupt("an anchor, " + at(event));
        }
        switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case MappingStart -> begin(event, true);
            case SequenceStart -> begin(event, false);
            case MappingEnd, SequenceEnd -> {
                open.pop();
                tree.end();
                valueRead();
            }
            case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment, Alias -> {}
        }
    }

    private void begin(Event event, boolean mapping) {
        if (nameExpected()) {
            throw corrupt("a collection as a field's name, " + at(event));
        }
        if (open.size() >= Json.DEPTH_MAX) {
            throw corrupt("values nested more than " + Json.DEPTH_MAX + " deep, " + at(event));
        }
        open.push(new boolean[] {mapping, mapping});
        if (mapping) {
            tree.beginMapping();
        } else {
            tree.beginSequence();
        }
    }

    private boolean nameExpected() {
        boolean[] parent = open.peek();
        return parent != null && parent[0] && parent[1];
    }

    private void valueRead() {
        boolean[] parent = open.peek();
        if (parent != null && parent[0]) {
            parent[1] = true;
        }
    }

    private void scalar(ScalarEvent event) {
        if (nameExpected()) {
            java.util.Objects.requireNonNull(open.peek())[1] = false;
            tree.name(event.getValue());
            return;
        }
        boolean plain =
                event.getScalarStyle() == ScalarStyle.PLAIN && event.getTag().isEmpty();
        boolean text = event.getTag()
                .filter(t -> t.equals("tag:yaml.org,2002:str") || t.equals("!"))
                .isPresent();
        if (plain && !text) {
            requireShortNumber(event);
        }
        tree.add(plain && !text ? resolved(event.getValue()) : new Text(event.getValue()));
        valueRead();
    }

    /// Reading a number takes time by the square of its digits.
    private void requireShortNumber(ScalarEvent event) {
        String value = event.getValue();
        boolean number = value.length() > NUMBER_CHARACTERS_MAX
                && (WHOLE.matcher(value).matches()
                        || OTHER_BASE.matcher(value).matches()
                        || DECIMAL.matcher(value).matches());
        if (number) {
            throw corrupt("a number of " + value.length() + " characters, where " + NUMBER_CHARACTERS_MAX
                    + " are the most, " + at(event));
        }
    }

    private static Document resolved(String plain) {
        if (NULL.contains(plain)) {
            return Nil.NULL;
        }
        if (TRUE.contains(plain) || FALSE.contains(plain)) {
            return Truth.of(TRUE.contains(plain));
        }
        return number(plain).orElseGet(() -> new Text(plain));
    }

    private static Optional<Document> number(String plain) {
        if (WHOLE.matcher(plain).matches()) {
            return Optional.of(whole(new BigInteger(unsigned(plain))));
        }
        var other = OTHER_BASE.matcher(plain);
        if (other.matches()) {
            String digits = other.group(2).replace("_", "");
            int base = digits.startsWith("0x") ? 16 : digits.startsWith("0b") ? 2 : 8;
            String bare = digits.replaceFirst("^0[xbo]?", "");
            BigInteger value = bare.isEmpty() ? BigInteger.ZERO : new BigInteger(bare, base);
            return Optional.of(whole(other.group(1).equals("-") ? value.negate() : value));
        }
        return DECIMAL.matcher(plain).matches() ? Optional.of(decimal(plain)) : Optional.empty();
    }

    private static String unsigned(String number) {
        return (number.startsWith("+") ? number.substring(1) : number).replace("_", "");
    }

    private static Document whole(BigInteger value) {
        return value.bitLength() < Long.SIZE ? new Whole(value.longValue()) : new Decimal(value.toString());
    }

    /// As JSON writes it: with a digit before and behind the point.
    private static Document decimal(String plain) {
        String json = unsigned(plain).replaceFirst("^(-?)\\.", "$10.").replaceFirst("\\.(?![0-9])", "");
        return new Decimal(json.replaceFirst("^(-?)0+(?=[0-9])", "$1"));
    }

    private static String at(Event event) {
        return event.getStartMark().map(m -> "line " + (m.getLine() + 1)).orElse("somewhere");
    }

    private Failure corrupt(String found) {
        return new Failure.Corrupt(problem.found(found));
    }
}
