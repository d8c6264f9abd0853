package io.etcdmedic.document;

import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Truth;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// Records as documents, and back, exactly: what the journal and plan files are written with.
///
/// Shape: a record is a mapping with a field for each component, an empty `Optional` being left out; a sealed
/// interface's record has the field `is` besides, with the record's name (`Check.Absent`); a list is a sequence, a map
/// of texts a mapping; durations and instants are ISO 8601; other types are texts by the functions given to [#text].
/// Reading is strict: a field too many, one too few or one of another type is an error. Only the records that the type
/// read names can come out, so a hostile document makes no object of any other class.
public final class RecordForm {
    private static final String IS = "is";
    private final Map<Class<?>, TextForm<?>> texts = new HashMap<>();
    private final Map<Class<?>, Map<String, Object>> leftOut = new HashMap<>();

    private record TextForm<T>(Function<T, String> write, Function<String, T> read) {}

    public RecordForm() {
        text(String.class, s -> s, s -> s);
        text(Duration.class, Duration::toString, Duration::parse);
        text(Instant.class, Instant::toString, Instant::parse);
    }

    /// Writes values of `type` as texts.
    ///
    /// @param read throws any RuntimeException for a text that is none
    public <T> RecordForm text(Class<T> type, Function<T, String> write, Function<String, T> read) {
        texts.put(type, new TextForm<>(write, read));
        return this;
    }

    /// Leaves a component out, and reads `instead` for it.
    public RecordForm without(Class<? extends Record> type, String component, Object instead) {
        leftOut.computeIfAbsent(type, _ -> new HashMap<>()).put(component, instead);
        return this;
    }

    public Mapping write(Record value) {
        return (Mapping) write(value, value.getClass());
    }

    /// @throws Failure.Corrupt naming the place, and what was expected there
    public <T extends Record> T read(Class<T> type, Document document) {
        return type.cast(read(type, document, ""));
    }

    private Document write(Object value, Type type) {
        if (value instanceof Record record && !texts.containsKey(record.getClass())) {
            return record(record, type);
        }
        return switch (value) {
            case Integer number -> new Whole(number);
            case Long number -> new Whole(number);
            case Boolean truth -> Truth.of(truth);
            case Enum<?> constant -> new Text(constant.name());
            case List<?> list ->
                new Sequence(list.stream().map(e -> write(e, argument(type, 0))).toList());
            case Map<?, ?> map -> map(map, type);
            default -> new Text(written(value));
        };
    }

    private Mapping record(Record record, Type declared) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        if (declared instanceof Class<?> c && c.isSealed()) {
            fields.put(IS, new Text(name(record.getClass())));
        }
        for (RecordComponent component : components(record.getClass())) {
            Object value = value(record, component);
            if (value instanceof Optional<?> optional) {
                optional.ifPresent(inner ->
                        fields.put(component.getName(), write(inner, argument(component.getGenericType(), 0))));
            } else {
                fields.put(component.getName(), write(value, component.getGenericType()));
            }
        }
        return new Mapping(fields);
    }

    private Mapping map(Map<?, ?> map, Type type) {
        SequencedMap<String, Document> fields = new LinkedHashMap<>();
        map.forEach((key, value) -> fields.put(written(key), write(value, argument(type, 1))));
        return new Mapping(fields);
    }

    private String written(Object value) {
        for (Map.Entry<Class<?>, TextForm<?>> form : texts.entrySet()) {
            if (form.getKey().isInstance(value)) {
                return writtenAs(form.getValue(), value);
            }
        }
        throw new IllegalStateException("no form for " + value.getClass());
    }

    @SuppressWarnings("unchecked") // the map's key is the class of the form's values
    private static <T> String writtenAs(TextForm<T> form, Object value) {
        return form.write().apply((T) value);
    }

    private Object read(Type type, Document document, String place) {
        Class<?> raw = raw(type);
        TextForm<?> text = texts.get(raw);
        if (text != null) {
            return readText(text, document, place);
        }
        if (raw == int.class) {
            return Math.toIntExact(whole(document, place));
        }
        if (raw == long.class) {
            return whole(document, place);
        }
        if (raw == boolean.class) {
            return truth(document, place);
        }
        if (raw.isEnum()) {
            return constant(raw, document, place);
        }
        if (raw == List.class) {
            return list(argument(type, 0), document, place);
        }
        if (raw == Map.class) {
            return readMap(type, document, place);
        }
        return raw.isSealed() ? oneOf(raw, document, place) : readRecord(raw, document, place, false);
    }

    private static Object readText(TextForm<?> form, Document document, String place) {
        if (!(document instanceof Text text)) {
            throw wrong(place, document, "a text");
        }
        try {
            return form.read().apply(text.text());
        } catch (Failure | IllegalArgumentException | java.time.DateTimeException notOne) {
            throw wrong(place, document, "another text (" + notOne.getMessage() + ")");
        }
    }

    private static long whole(Document document, String place) {
        if (document instanceof Whole whole) {
            return whole.number();
        }
        throw wrong(place, document, "a whole number");
    }

    private static boolean truth(Document document, String place) {
        if (document instanceof Truth truth) {
            return truth.value();
        }
        throw wrong(place, document, "true or false");
    }

    private static Object constant(Class<?> type, Document document, String place) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c ->
                        document instanceof Text text && ((Enum<?>) c).name().equals(text.text()))
                .findFirst()
                .orElseThrow(() -> wrong(place, document, "one of " + Arrays.toString(type.getEnumConstants())));
    }

    private List<Object> list(Type element, Document document, String place) {
        if (!(document instanceof Sequence sequence)) {
            throw wrong(place, document, "a list");
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 0; i < sequence.elements().size(); i++) {
            elements.add(read(element, sequence.elements().get(i), place + "[" + i + "]"));
        }
        return elements;
    }

    private Map<Object, Object> readMap(Type type, Document document, String place) {
        if (!(document instanceof Mapping mapping)) {
            throw wrong(place, document, "a mapping");
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        mapping.fields()
                .forEach((name, value) -> map.put(
                        read(argument(type, 0), new Text(name), place),
                        read(argument(type, 1), value, place + "." + name)));
        return map;
    }

    private Object oneOf(Class<?> type, Document document, String place) {
        String is = document.text(IS).orElseThrow(() -> wrong(place, document, "a mapping with the field is"));
        for (Class<?> candidate : records(type)) {
            if (name(candidate).equals(is)) {
                return readRecord(candidate, document, place, true);
            }
        }
        throw wrong(
                place,
                new Text(is),
                "one of " + records(type).stream().map(RecordForm::name).toList());
    }

    private Object readRecord(Class<?> type, Document document, String place, boolean named) {
        if (!type.isRecord() || !(document instanceof Mapping mapping)) {
            throw wrong(place, document, "a mapping");
        }
        List<String> expected = new ArrayList<>(named ? List.of(IS) : List.of());
        List<Object> arguments = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Map<String, Object> instead = leftOut.getOrDefault(type, Map.of());
            if (instead.containsKey(component.getName())) {
                arguments.add(instead.get(component.getName()));
                continue;
            }
            expected.add(component.getName());
            arguments.add(component(component, mapping, place));
        }
        for (String name : mapping.fields().keySet()) {
            if (!expected.contains(name)) {
                throw corrupt(place, "the field " + name, "no other fields than " + expected);
            }
        }
        return made(type, arguments, place);
    }

    private Object component(RecordComponent component, Mapping mapping, String place) {
        String here = place.isEmpty() ? component.getName() : place + "." + component.getName();
        Optional<Document> field = mapping.at(component.getName());
        if (component.getType() == Optional.class) {
            return field.map(f -> read(argument(component.getGenericType(), 0), f, here));
        }
        return read(
                component.getGenericType(),
                field.orElseThrow(
                        () -> corrupt(here, "nothing", component.getType().getSimpleName())),
                here);
    }

    private static Object made(Class<?> type, List<Object> arguments, String place) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return type.getConstructor(types).newInstance(arguments.toArray());
        } catch (InvocationTargetException refused) {
            throw corrupt(place, "values that do not fit", String.valueOf(refused.getCause()));
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException("a record without its own constructor: " + type, bug);
        }
    }

    private List<RecordComponent> components(Class<?> type) {
        Map<String, Object> without = leftOut.getOrDefault(type, Map.of());
        return Arrays.stream(type.getRecordComponents())
                .filter(c -> !without.containsKey(c.getName()))
                .toList();
    }

    private static Object value(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException bug) {
            throw new IllegalStateException("a record that cannot be read: " + record.getClass(), bug);
        }
    }

    /// Every record below a sealed interface.
    private static List<Class<?>> records(Class<?> sealed) {
        List<Class<?>> found = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                found.addAll(records(permitted));
            } else {
                found.add(permitted);
            }
        }
        return found;
    }

    /// `ApiChange.Create`: without its package.
    private static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type;
    }

    private static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getActualTypeArguments()[index];
        }
        throw new IllegalStateException(type + " does not say what it holds");
    }

    private static Failure.Corrupt wrong(String place, Document found, String expected) {
        String shown = Json.compact(found);
        return corrupt(place, shown.length() > 60 ? shown.substring(0, 60) + "…" : shown, expected);
    }

    private static Failure.Corrupt corrupt(String place, String found, String expected) {
        return new Failure.Corrupt(Problem.in("reading " + (place.isEmpty() ? "a record" : place))
                .found(found)
                .expected(expected));
    }
}
