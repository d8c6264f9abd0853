package io.etcdmedic.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolsTest {
    @Test
    void runsWithACleanEnvironmentAndGivesOutputAndStatus() {
        assertThat(Tools.run(ToolCall.of("env"))).isInstanceOfSatisfying(ToolAnswer.Ran.class, ran -> {
            assertThat(ran.stdout().lines()).allMatch(line -> line.matches("(PATH|LC_ALL|HOME)=.*"));
            assertThat(ran.ok()).isTrue();
        });
        assertThat(Tools.run(ToolCall.of("ls", "/no/such")).trouble()).startsWith("exit status 2: ");
    }

    @Test
    void anArgumentIsNeverReadByAShell() {
        assertThat(Tools.run(ToolCall.of("echo", "$(id); `id` > /tmp/x")))
                .isInstanceOfSatisfying(
                        ToolAnswer.Ran.class, ran -> assertThat(ran.stdout()).isEqualTo("$(id); `id` > /tmp/x\n"));
    }

    @Test
    void aHangingToolIsKilled() {
        ToolAnswer answer = Tools.run(ToolCall.of("sleep", "600").within(Duration.ofMillis(100)));

        assertThat(answer.trouble()).isEqualTo("no answer within 100 ms");
    }

    @Test
    void endlessOutputIsCut() {
        ToolCall call = new ToolCall(List.of("head", "-c", "1000000", "/dev/zero"), Duration.ofSeconds(5), 1000);

        assertThat(Tools.run(call)).isInstanceOfSatisfying(ToolAnswer.Ran.class, ran -> {
            assertThat(ran.stdout()).hasSize(1000);
            assertThat(ran.cut()).isTrue();
        });
    }

    @Test
    void anAbsentToolIsNamed() {
        assertThat(Tools.run(ToolCall.of("no-such-tool")).trouble()).isEqualTo("no-such-tool is not installed");
        assertThat(Tools.run(ToolCall.of("../bin/ls"))).isInstanceOf(ToolAnswer.Missing.class);
    }
}
