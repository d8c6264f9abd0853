package io.etcdmedic.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What containerd's files import, where containerd itself is not there to be asked.
class ContainerdFilesTest {
    private static final String CRI = "[plugins.\"io.containerd.grpc.v1.cri\"]\n";

    @TempDir
    Path root = Path.of("");

    @BeforeEach
    void real() throws IOException {
        root = root.toRealPath();
    }

    @Test
    void aLaterFilesSectionOfAPluginReplacesTheEarlierOnesInContainerd1() throws IOException {
        file("c/config.toml", """
                version = 2
                imports = ["/c/conf.d/*.toml", "one.toml"]
                [grpc]
                address = "/run/a.sock"
                """ + CRI + """
                sandbox_image = "first:1"
                [plugins."io.containerd.grpc.v1.cri".cni]
                bin_dir = "/first"
                """);
        file("c/conf.d/20.toml", "version = 2\n" + CRI + "sandbox_image = \"third:3\"\n");
        file("c/conf.d/10.toml", "version = 2\n" + CRI + "sandbox_image = \"second:2\"\n");
        file("c/conf.d/30.conf", "not toml [");
        file("c/one.toml", "version = 2\nimports = [\"/c/config.toml\"]\n[grpc]\naddress = \"/run/b.sock\"\n");

        ContainerdConfig config = config(Optional.of("1.7"));

        assertThat(config.sandboxImage()).hasValue("third:3");
        assertThat(config.binFolders()).as("its whole section is gone").containsExactly("/opt/cni/bin");
        assertThat(config.address()).isEqualTo("/run/b.sock");
        assertThat(config(Optional.empty())).isEqualTo(config);
        assertThat(config(Optional.of("2.1")).binFolders()).containsExactly("/first");
    }

    @Test
    void containerd2MergesFieldByField() throws IOException {
        file("c/config.toml", """
                version = 3
                imports = ["/c/conf.d/*.toml"]
                [plugins.'io.containerd.cri.v1.images'.pinned_images]
                sandbox = 'first:1'
                [plugins.'io.containerd.cri.v1.runtime'.cni]
                bin_dirs = ['/first']
                max_conf_num = 1
                """);
        file("c/conf.d/10.toml", """
                version = 3
                [plugins.'io.containerd.cri.v1.images'.pinned_images]
                sandbox = 'registry.k8s.io/pause:3.10'
                [plugins.'io.containerd.cri.v1.runtime'.cni]
                bin_dirs = ['/first', '/second']
                """);

        ContainerdConfig config = config(Optional.empty());

        assertThat(config.sandboxImage()).hasValue("registry.k8s.io/pause:3.10");
        assertThat(config.binFolders()).containsExactly("/first", "/second");
        assertThat(config.confFilesMax()).isEqualTo(1);
    }

    @Test
    void filesThatCannotBeReadAreSaidAndTheOthersCount() throws IOException {
        file(
                "c/config.toml",
                "version = 2\nimports = [\"absent.toml\", \"broken.toml\", \"/d/*/x.toml\", \"self\"]\n" + CRI
                        + "sandbox_image = \"a:1\"\n");
        file("c/broken.toml", "[a\n");
        Files.createSymbolicLink(root.resolve("c/self"), Path.of("self"));
        file("d/e/x.toml", "version = 2\n" + CRI + "sandbox_image = \"b:1\"\n");

        ContainerdFiles files = ContainerdFiles.read(LiveMachine.at(root), "/c/config.toml", Optional.empty());

        assertThat(files.troubles())
                .hasSize(3)
                .anyMatch(why -> why.equals("/c/absent.toml is not there"))
                .anyMatch(why -> why.startsWith("/c/broken.toml, line 1"))
                .anyMatch(why -> why.startsWith("/c/self: a loop of symbolic links"));
        assertThat(ContainerdConfig.of(files.config()).sandboxImage()).hasValue("b:1");
    }

    /// The same files as a real containerd puts them together.
    @Test
    void soDoesARealContainerd() throws IOException {
        Optional<Path> found = Tools.find("containerd");
        assumeTrue(found.isPresent(), "SKIPPED: no containerd on PATH");
        file("config.toml", """
                version = 2
                imports = ["%1$s/conf.d/*.toml"]
                [grpc]
                address = "/run/a.sock"
                """.formatted(root) + CRI + """
                sandbox_image = "first:1"
                [plugins."io.containerd.grpc.v1.cri".cni]
                bin_dir = "/first"
                conf_dir = "/conf"
                """);
        file("conf.d/10.toml", "version = 2\n[grpc]\naddress = \"/run/b.sock\"\n" + CRI + "sandbox_image = \"b:2\"\n");
        file(
                "conf.d/20.toml",
                "version = 2\n" + CRI + "[plugins.\"io.containerd.grpc.v1.cri\".cni]\n"
                        + "max_conf_num = 7\nbin_dir = \"/last\"\n");
        String file = root.resolve("config.toml").toString();
        List<String> argv = List.of(found.get().toString(), "--config", file, "config", "dump");
        ToolAnswer answer = Tools.run(new ToolCall(argv, ToolCall.TIMEOUT, ToolCall.OUTPUT_BYTES_MAX));
        assertThat(answer.trouble()).isEmpty();
        String dump = ((ToolAnswer.Ran) answer).stdout();
        boolean two = dump.contains("version = 3");

        ContainerdConfig read = ContainerdConfig.of(
                ContainerdFiles.read(LiveMachine.at(Path.of("/")), file, Optional.of(two ? "2.1" : "1.7"))
                        .config());
        ContainerdConfig dumped = ContainerdConfig.parse(dump);

        assertThat(read.address()).isEqualTo(dumped.address()).isEqualTo("/run/b.sock");
        assertThat(read.confFilesMax()).isEqualTo(dumped.confFilesMax()).isEqualTo(7);
        assertThat(read.binFolders()).isEqualTo(dumped.binFolders()).containsExactly("/last");
        assertThat(read.confFolder().equals("/conf"))
                .isEqualTo(dumped.confFolder().equals("/conf"));
        if (two) {
            assertThat(read.sandboxImage()).isEqualTo(dumped.sandboxImage());
        } else {
            assertThat(read.sandboxImage()).as("containerd's own default").isEmpty();
            assertThat(dumped.sandboxImage()).isNotEqualTo(Optional.of("b:2"));
        }
    }

    private ContainerdConfig config(Optional<String> version) {
        ContainerdFiles files = ContainerdFiles.read(LiveMachine.at(root), "/c/config.toml", version);
        assertThat(files.troubles()).isEmpty();
        return ContainerdConfig.of(files.config());
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
