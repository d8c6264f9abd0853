package io.etcdmedic.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoosingTest {
    private static final Document OBJECT = YamlReader.read(Bytes.utf8("""
            metadata: {name: web, labels: {a.b/c: x}}
            spec: {replicas: 3, ports: [{name: http, port: 80}, {name: https, port: 443}]}
            status: {conditions: [{type: Ready, status: "True"}, {type: Synced, status: "False"}]}
            """), "object");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web|true",
                "app==web|true",
                "app!=web|false",
                "missing!=web|true",
                "app|true",
                "!app|false",
                "!missing|true",
                "app in (web, db),tier notin (x,y)|true",
                "app in (db)|false",
                "missing notin (db)|true",
                "size>5|true",
                "size<5|false",
                "a.b/c=|true",
                "app=web,tier=y|false"
            })
    void labelsAreChosenAsKubectlDoes(String selector, boolean matches) {
        Map<String, String> labels = Map.of("app", "web", "tier", "z", "size", "10", "a.b/c", "");
        assertThat(LabelSelector.parse(selector).matches(labels)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a=b=c", "a in b", "a in (b", "=b", "a,,b", "!", "a b"})
    void aSelectorThatIsNoneIsRefused(String selector) {
        assertThatThrownBy(() -> LabelSelector.parse(selector)).isInstanceOf(Failure.Usage.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{.spec.replicas}|[3]",
                "spec.replicas|[3]",
                "$.spec.replicas|[3]",
                ".metadata.labels['a.b/c']|['x']",
                ".metadata.labels.a\\.b/c|['x']",
                ".spec.ports[0].port|[80]",
                ".spec.ports[-1].name|['https']",
                ".spec.ports[*].port|[80,443]",
                "..port|[80,443]",
                ".status.conditions[?(@.type==\"Ready\")].status|['True']",
                ".spec.ports[?(@.port>100)].name|['https']",
                ".spec.ports[?(@.nodePort)]|[]",
                ".spec.missing[3].more|[]"
            })
    void aPathFindsWhatKubectlFinds(String path, String found) {
        assertThat(Json.compact(new Document.Sequence(JsonPath.parse(path).find(OBJECT)))
                        .replace('"', '\''))
                .isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", ".a[", ".a[x]", ".a..", ".[?(@.a==", "."})
    void aPathThatIsNoneIsRefusedOrFindsNothing(String path) {
        try {
            assertThat(JsonPath.parse(path).find(OBJECT)).hasSizeLessThanOrEqualTo(1);
        } catch (Failure.Usage refused) {
            assertThat(refused).hasMessageContaining("JSONPath");
        }
    }

    @Test
    void fieldsAreComparedAsText() {
        assertThat(FieldSelector.parse("metadata.name=web,spec.replicas=3").matches(OBJECT))
                .isTrue();
        assertThat(FieldSelector.parse("metadata.name!=web").matches(OBJECT)).isFalse();
        assertThat(FieldSelector.parse("spec.nodeName=").matches(OBJECT)).isTrue();
        assertThatThrownBy(() -> FieldSelector.parse("metadata.name")).isInstanceOf(Failure.Usage.class);
    }

    @Test
    void amountsAreOrderedBySizeAndAnyMixtureHasAnOrder() {
        List<Document> objects = new ArrayList<>();
        for (String value : List.of("1Gi", "900Mi", "2", "10", "1a", "500m", "x", "1e3", "0.5")) {
            objects.add(Json.read("{\"v\": \"" + value + "\"}"));
        }
        objects.add(Json.read("{}"));
        ObjectOrder order = new ObjectOrder(JsonPath.parse(".v"));
        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(objects, new Random(seed));
            objects.sort(order);
            assertThat(objects.stream()
                            .map(o -> o.text("v").orElse("-"))
                            .filter(v -> !v.equals("0.5") && !v.equals("500m")))
                    .containsExactly("-", "2", "10", "1e3", "900Mi", "1Gi", "1a", "x");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-2, <invalid>",
        "-1, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "125, 2m5s",
        "600, 10m",
        "10799, 179m",
        "10800, 3h",
        "11100, 3h5m",
        "28800, 8h",
        "172799, 47h",
        "172800, 2d",
        "180000, 2d2h",
        "691200, 8d",
        "63072000, 2y",
        "66000000, 2y33d",
        "252288000, 8y"
    })
    void agesAreInKubectlsWords(long seconds, String words) {
        assertThat(HumanDuration.of(Duration.ofSeconds(seconds))).isEqualTo(words);
    }
}
