package io.etcdmedic.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Document.Whole;
import io.etcdmedic.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private static final Document POD = Json.read("""
            {"kind":"Pod","metadata":{"name":"web","finalizers":["a","b"]},
             "spec":{"containers":[{"name":"app","image":"x:1"},{"name":"side","image":"y:1"}]}}""");

    @Test
    void aPathLeadsIn() {
        assertThat(POD.text("metadata", "name")).contains("web");
        assertThat(POD.texts("metadata", "finalizers")).containsExactly("a", "b");
        assertThat(POD.text("spec", "containers", "1", "image")).contains("y:1");
        assertThat(POD.text("spec", "containers", "name=side", "image")).contains("y:1");
        assertThat(POD.text("spec", "containers", "2", "image")).isEmpty();
        assertThat(POD.text("kind", "deeper")).isEmpty();
    }

    @Test
    void aChangeIsACopy() {
        Document changed = POD.with(DocumentPath.of("spec", "replicas"), new Whole(3))
                .without(DocumentPath.of("metadata", "finalizers", "0"))
                .with(DocumentPath.of("spec", "containers", "name=app", "image"), new Text("x:2"))
                .with(DocumentPath.of("metadata", "labels", "a"), new Text("b"));
        assertThat(Json.compact(changed)).isEqualTo("""
                {"kind":"Pod","metadata":{"name":"web","finalizers":["b"],"labels":{"a":"b"}},\
                "spec":{"containers":[{"name":"app","image":"x:2"},{"name":"side","image":"y:1"}],"replicas":3}}""");
        assertThat(POD.texts("metadata", "finalizers")).containsExactly("a", "b");
        assertThat(Difference.between(POD, changed))
                .extracting(d -> d.path().toString())
                .containsExactly(
                        "metadata.finalizers[0]",
                        "metadata.finalizers[1]",
                        "metadata.labels",
                        "spec.containers[name=app].image",
                        "spec.replicas");
    }

    @Test
    void numbersStayAsTheyWere() {
        String json = "[9007199254740993,-9223372036854775808,9223372036854775807,9223372036854775808,"
                + "0,-1,1.50,1e3,123456789012345678901234567890,-0,99,100,12345]";
        assertThat(Json.compact(Json.read(json))).isEqualTo(json);
    }

    @Test
    void textIsEscapedOnlyWhereItMustBe() {
        String text = "a\"b\\c\nd\te\u0001f\u007f é 漢 😀 plain plain plain \u2028";
        String json = Json.compact(new Text(text));
        assertThat(json).isEqualTo("\"a\\\"b\\\\c\\nd\\te\\u0001f\u007f é 漢 😀 plain plain plain \u2028\"");
        assertThat(Json.read(json)).isEqualTo(new Text(text));
    }

    @Test
    void badJsonIsAFailureWithItsOffset() {
        for (String bad : List.of("", " ", "{", "[1,]", "{\"a\":1,}", "1 2", "nul", "\"a", "{a:1}", "[1]]", "\u0001")) {
            assertThatThrownBy(() -> Json.read(bad)).as(bad).isInstanceOf(Failure.Corrupt.class);
        }
        assertThatThrownBy(() -> Json.read("{\"a\":tru}")).hasMessageContaining("at byte ");
    }

    @Test
    void depthIsBounded() {
        assertThat(Json.read("[".repeat(400) + "]".repeat(400))).isInstanceOf(Document.Sequence.class);
        assertThatThrownBy(() -> Json.read("[".repeat(100_000))).isInstanceOf(Failure.Corrupt.class);
    }

    @Test
    void aFieldTwiceIsReported() {
        assertThatThrownBy(() -> Json.read("{\"a\":{\"b\":1,\"b\":2}}")).hasMessageContaining("a.b twice");
        List<String> told = new ArrayList<>();
        Document last = Json.read(io.etcdmedic.bytes.Bytes.utf8("{\"a\":[0,{\"b\":1,\"b\":2}]}"), told::add);
        assertThat(last.whole("a", "1", "b")).hasValue(2);
        assertThat(told).containsExactly("a[1].b");
    }

    @Test
    void indentedIsWhatKubectlPrints() {
        assertThat(Json.indented(Json.read("{\"b\":[1,{\"c\":null}],\"a\":{},\"d\":[]}")))
                .isEqualTo("""
                {
                    "a": {},
                    "b": [
                        1,
                        {
                            "c": null
                        }
                    ],
                    "d": []
                }
                """);
    }
}
