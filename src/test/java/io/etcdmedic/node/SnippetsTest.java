package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.node.certs.FilesSnippet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// nix itself reads the module texts: syntax, and every variable defined.
class SnippetsTest {
    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void needsNix() {
        assumeTrue(
                Tools.find("nix-instantiate").isPresent(), "SKIPPED: nix-instantiate (package nix-bin) is not there");
    }

    @Test
    void theKubeletsModuleTextIsNix() throws IOException {
        parse(KubeletSnippet.text());
    }

    @Test
    void theFilesModuleTextIsNixAlsoForHostileNames() throws IOException {
        RkeTree tree = RkeTree.make(Files.createDirectory(folder.resolve("root")))
                .file("etc/kubernetes/a \"${x}\" b.yaml", "x")
                .file("etc/systemd/system/kube-apiserver.service", """
                        [Service]
                        User=kubernetes
                        ExecStart=/nix/store/x/bin/kube-apiserver '--audit-policy-file=/etc/kubernetes/a "$${x}" b.yaml'
                        """);

        String text = FilesSnippet.text(tree.facts());

        assertThat(text).contains("a\\\\x20\\\"\\${x}\\\"\\\\x20b.yaml 0400 kubernetes root");
        parse(text);
    }

    private void parse(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("module.nix"), text);
        ToolAnswer answer =
                Tools.run(ToolCall.of("nix-instantiate", "--parse", "--store", "dummy://", file.toString()));
        assertThat(answer.trouble()).isEmpty();
    }
}
