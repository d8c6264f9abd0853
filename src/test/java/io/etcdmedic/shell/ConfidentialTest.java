package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which lines leave their values out of history and transcripts.
class ConfidentialTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "put /registry/x hunter2",
                "put '/registry/x' \"hunter2",
                "run x.medic --set P=hunter2",
                "run --set P=hunter2 x.medic",
                "run --set=P=hunter2 x.medic",
                "ls --user root:hunter2",
                "ls --user=root:hunter2",
                "ls --user 'root:hunter2'",
                "use https://root:hunter2@10.0.0.1:2379",
                "--user root:hunter2 ls",
                "get $X --password hunter2",
                "-o json put /registry/x hunter2",
            })
    void valuesAreLeftOut(String line) {
        assertThat(Confidential.carriesValues(line)).isTrue();
        assertThat(Confidential.withoutValues(line)).doesNotContain("hunter2").endsWith("(values left out)");
    }

    @Test
    void otherLinesStayAsTheyAre() {
        for (String line : new String[] {
            "get svc/web -n shop",
            "put svc/web",
            "ls --user root",
            "use https://10.0.0.1:2379",
            "find pods --where 'object.metadata.name == \"a:b\"'",
            "# a comment",
            ""
        }) {
            assertThat(Confidential.carriesValues(line)).as(line).isFalse();
        }
    }
}
