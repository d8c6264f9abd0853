package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.finding.Severity;
import io.etcdmedic.installation.Component;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.nix.Carried;
import io.etcdmedic.node.nix.ModuleWriter;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `node nix generate`: what it writes evaluates, and passes `node nix check`.
class NixGenerateTest {
    @TempDir
    Path dir = Path.of("");

    @Test
    void theModuleOfAnRkeNodePassesTheCheck() throws IOException {
        NodeFacts facts = node(RkeContainers.standard());

        List<Finding> findings = check(ModuleWriter.write(facts, Optional.of(NixCheckTest.cluster())), facts);

        assertThat(findings).noneMatch(Finding::breaks);
        assertThat(findings.stream()
                        .filter(f -> f.severity() == Severity.WARNING)
                        .map(Finding::check))
                .as("what a person still has to know: nobody renews certificates")
                .containsOnly("nix/rotation");
    }

    @Test
    void noFlagIsDroppedWithoutAWord() throws IOException {
        NodeFacts facts = node(RkeContainers.standard().flag("kube-apiserver", "a-flag-of-tomorrow", "x"));

        String module = ModuleWriter.write(facts, Optional.empty());
        List<Carried> table = ModuleWriter.table(facts);

        for (Component component : Component.values()) {
            facts.flags(component)
                    .values()
                    .keySet()
                    .forEach(flag -> assertThat(table)
                            .as(component + " " + flag)
                            .anyMatch(
                                    c -> c.component() == component && c.flag().equals(flag)));
        }
        assertThat(table).allSatisfy(c -> assertThat(module).contains("#   --" + c.flag() + "="));
        assertThat(module).contains("\"--a-flag-of-tomorrow=x\"");
        assertThat(module).doesNotContain("kube-ca-key", "pod-infra-container-image=rancher\"");
        assertThat(module).contains("DECIDE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${builtins.readFile \"/etc/shadow\"}",
                "\"; services.openssh.enable = true; x = \"",
                "''${x}''",
                "a\\\" b",
                "$${x} $$ $",
                "\\",
                "*/ /* # x",
                "%n 'it''s' $HOME",
                "\u202eabc",
                "${",
            })
    void aHostileValueStaysAValue(String value) throws IOException {
        NodeFacts facts = node(RkeContainers.standard()
                .flag("kube-apiserver", "service-account-issuer", value)
                .flag("kube-apiserver", "event-ttl", value)
                .flag("kube-proxy", "some-new-flag", value)
                .flag("etcd", "log-level", value));

        Planned planned = plan(ModuleWriter.write(facts, Optional.empty()));

        assertThat(planned.findings()).noneMatch(Finding::breaks);
        String shown = value.replace('\u202e', '\ufffd');
        assertThat(planned.flag(Component.APISERVER, "service-account-issuer")).hasValue(shown);
        assertThat(planned.flag(Component.APISERVER, "event-ttl")).hasValue(shown);
        assertThat(planned.flag(Component.PROXY, "some-new-flag")).hasValue(shown);
        assertThat(planned.flag(Component.ETCD, "log-level")).hasValue(shown);
    }

    @Test
    void aNodeOfWhichNothingIsKnownIsRefused() throws IOException {
        NodeFacts facts = RkeTree.make(dir.resolve("root")).facts();

        assertThatThrownBy(() -> ModuleWriter.write(facts, Optional.empty()))
                .isInstanceOf(Failure.Refused.class)
                .hasMessageContaining("no container or process of RKE1 is known");
    }

    @Test
    void anOldEtcdGoesOneStep() throws IOException {
        NodeFacts facts = node(RkeContainers.standard().image("etcd", "rancher/mirrored-coreos-etcd:v3.4.15"));

        String module = ModuleWriter.write(facts, Optional.empty());

        assertThat(module)
                .contains("DECIDE: this member runs 3.4.15", "package = pkgs.etcd_3_5; # one minor from 3.4.15");
        assertThat(check(module, facts)).noneMatch(Finding::breaks);
    }

    private NodeFacts node(RkeContainers containers) throws IOException {
        return containers.in(RkeTree.make(dir.resolve("root"))).facts();
    }

    private List<Finding> check(String module, NodeFacts facts) throws IOException {
        return NixCheck.of(plan(module), facts, Optional.of(NixCheckTest.cluster()));
    }

    private Planned plan(String module) throws IOException {
        Path file = Files.writeString(dir.resolve("generated.nix"), module);
        return NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "srv5", true));
    }
}
