package io.etcdmedic.document;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document.Decimal;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads one JSON text; the depth is bounded by [Json#DEPTH_MAX], everything else by the input's length.
final class JsonReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Json.DEPTH_MAX)
                    .maxNumberLength(10_000)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Bytes json;
    private final TreeBuilder tree;

    JsonReader(Bytes json) {
        this.json = json;
        this.tree = new TreeBuilder();
    }

    /// A field that is there twice is an error.
    JsonReader strict() {
        tree.onDuplicate(path -> {
            throw corrupt("the field " + path + " twice", -1);
        });
        return this;
    }

    JsonReader tellingDuplicates(Consumer<String> duplicates) {
        tree.onDuplicate(duplicates);
        return this;
    }

    Document read() {
        try (JsonParser parser = FACTORY.createParser(
                ObjectReadContext.empty(), json.sharedArray(), json.arrayOffset(), json.length())) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw corrupt("nothing", json.length());
            }
            while (token != null) {
                accept(parser, token);
                token = parser.nextToken();
                if (token != null && tree.complete()) {
                    throw corrupt("more after the end of the value", offset(parser.currentTokenLocation()));
                }
            }
            return tree.result();
        } catch (JacksonException e) {
            throw corrupt(said(e), offset(e.getLocation())).because(e);
        }
    }

    private void accept(JsonParser parser, JsonToken token) {
        switch (token) {
            case START_OBJECT -> tree.beginMapping();
            case START_ARRAY -> tree.beginSequence();
            case END_OBJECT, END_ARRAY -> tree.end();
            case PROPERTY_NAME -> tree.name(parser.currentName());
            case VALUE_STRING -> tree.add(new Text(parser.getString()));
            case VALUE_NUMBER_INT -> tree.add(whole(parser));
            case VALUE_NUMBER_FLOAT -> tree.add(new Decimal(parser.getString()));
            case VALUE_TRUE -> tree.add(Truth.TRUE);
            case VALUE_FALSE -> tree.add(Truth.FALSE);
            case VALUE_NULL -> tree.add(Nil.NULL);
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw corrupt("an event no JSON has", -1);
        }
    }

    private static Document whole(JsonParser parser) {
        String text = parser.getString();
        if (text.length() > 20 || text.equals("-0")) {
            return new Decimal(text);
        }
        return switch (parser.getNumberType()) {
            case INT, LONG -> new Whole(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> new Decimal(text);
        };
    }

    private static long offset(@org.jspecify.annotations.Nullable TokenStreamLocation location) {
        return location == null ? -1 : location.getByteOffset();
    }

    private static String said(JacksonException e) {
        // A token that is no JSON may be what a Secret holds: it is not repeated.
        String message = e.getOriginalMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").replaceAll("token '.*?'", "token");
    }

    private static Failure corrupt(String found, long offset) {
        return new Failure.Corrupt(
                Problem.in("reading JSON").found(offset < 0 ? found : found + ", at byte " + offset));
    }
}
