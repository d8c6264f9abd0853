package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.command.Ran;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The completion scripts, loaded and asked in the shells that they are for.
class CompletionScriptsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void aFileToComplete() throws Exception {
        Files.writeString(folder.resolve("nightly.db"), "");
    }

    @Test
    void bash() throws Exception {
        script("bash", "medic.bash");
        String ask = """
                source ./medic.bash
                ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _medic; echo "${COMPREPLY[*]}"; }
                ask medic serv; ask medic snap; ask medic snapshot ve; ask medic get --show-s; ask medic get -o pr
                ask medic get --snapshot nigh; ask medic --snapshot nightly.db node certs ch
                ask medic fix servi; ask medic get daemon; ask medic completion z; complete -p medic
                """;
        assertThat(answer("bash", "--norc", "-c", ask).lines())
                .containsExactly(
                        "",
                        "snapshot",
                        "verify",
                        "--show-secrets",
                        "proto",
                        "nightly.db",
                        "check",
                        "servicecidr",
                        "daemonsets",
                        "zsh",
                        "complete -o default -F _medic medic");
    }

    @Test
    void fish() throws Exception {
        script("fish", "medic.fish");
        String ask = """
                source ./medic.fish
                for line in "medic snap" "medic snapshot ve" "medic get --show-s" "medic get -o pr" \\
                        "medic get --snapshot nigh" "medic node certs ch" "medic fix servi" "medic snapshot verify sav"
                    complete -C $line | string replace -r '\\t.*' ''
                    echo .
                end
                """;
        assertThat(String.join(
                        " ", answer("fish", "--no-config", "-c", ask).lines().toList()))
                .isEqualTo("snapshot . verify . --show-secrets . proto . nightly.db . check . servicecidr . .");
    }

    /// zsh's own part, matching and showing, is played: it works at a prompt only.
    @Test
    void zsh() throws Exception {
        script("zsh", "_medic");
        String ask = """
                compdef() { print -r -- "compdef $*" }
                compadd() { shift; local found=(${(M)@:#${words[CURRENT]}*}); print -r -- "$found"; [[ -n $found ]] }
                _files() { print -r -- files }
                source ./_medic
                ask() { words=("$@"); CURRENT=$#; _medic }
                ask medic snap; ask medic snapshot ve; ask medic get --show-s; ask medic get -o pr
                ask medic get --snapshot nigh; ask medic --snapshot nightly.db node certs ch
                ask medic snapshot verify nigh
                """;
        assertThat(answer("zsh", "-f", "-c", ask).lines())
                .containsExactly(
                        "compdef _medic medic",
                        "snapshot",
                        "verify",
                        "--show-secrets",
                        "proto",
                        "files",
                        "check",
                        "",
                        "files");
    }

    /// The whole of it, where zsh is.
    @Test
    void zshAtItsPrompt() throws Exception {
        script("zsh", "_medic");
        Files.writeString(
                folder.resolve(".zshrc"),
                "PS1='ready> '\nfpath=($PWD $fpath)\nautoload -U compinit\ncompinit -u -d $PWD/dump\n");
        List<String> zsh = List.of("env", "ZDOTDIR=" + folder, "HOME=" + folder, "LC_ALL=C.UTF-8", "zsh", "-i");
        try (TmuxScreen screen = TmuxScreen.program(folder, folder, 120, 40, zsh)) {
            screen.await("ready> *\\z");
            screen.type("medic snap").keys("Tab").await("medic snapshot *\\z");
            screen.type("ve").keys("Tab").await("medic snapshot verify *\\z");
            screen.keys("C-u").type("medic fix servi").keys("Tab").await("medic fix servicecidr *\\z");
            screen.type("--ci").keys("Tab").await("medic fix servicecidr --cidr *\\z");
            screen.keys("C-u").type("medic get --snapshot nigh").keys("Tab").await("--snapshot nightly.db *\\z");
            screen.keys("C-u").type("medic get -o ").keys("Tab").await("^hex +json +jsonl");
            screen.keys("C-u").enter("exit");
            assertThat(screen.awaitEnd()).isNotNegative();
        }
    }

    private void script(String shell, String name) throws Exception {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, shell)));
        if (!there) {
            System.err.println("LEFT OUT: the completion script for " + shell + ": no " + shell + " on PATH");
        }
        assumeTrue(there, shell + " is on PATH");
        Files.writeString(folder.resolve(name), Ran.of("completion", shell).text());
    }

    private String answer(String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command)).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        Path said = folder.resolve("said");
        Process process = builder.redirectOutput(said.toFile()).start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        Process _ = process.destroyForcibly();
        assertThat(ended).as("%s ends", command[0]).isTrue();
        return Files.readString(said);
    }
}
