package io.etcdmedic.shell;

import io.etcdmedic.command.Catalog;
import io.etcdmedic.shell.manual.CompletionScript;
import io.etcdmedic.shell.manual.ManPages;
import io.etcdmedic.shell.terminal.Shell;
import java.util.List;

/// The commands that read command lines, and those that only make sense among others.
public final class ShellCommands {
    private static final String GROUP = "shell";

    private ShellCommands() {}

    /// Every command of the program.
    public static Catalog all() {
        return Catalog.standard()
                .with(List.of(
                        new Catalog.Row(GROUP, "shell", "", "a prompt for every command", Shell::new),
                        new Catalog.Row(GROUP, "run", "", "run a script of commands", RunScript::new),
                        new Catalog.Row(GROUP, "demo", "", "look at a broken cluster, without any server", Demo::new),
                        new Catalog.Row(
                                "about",
                                "completion",
                                "",
                                "a script for bash, zsh or fish",
                                () -> new CompletionScript(ShellCommands::all)),
                        new Catalog.Row(
                                "about",
                                "man",
                                "",
                                "man pages of every command",
                                () -> new ManPages(ShellCommands::all))));
    }

    /// What a line inside the shell or a script can name.
    static Catalog within(Interpreter interpreter) {
        return Catalog.standard()
                .with(List.of(
                        new Catalog.Row(
                                GROUP, "cd", "", "go to a folder of the keyspace", () -> new ChangeFolder(interpreter)),
                        new Catalog.Row(GROUP, "pwd", "", "the current folder", () -> new ShowFolder(interpreter)),
                        new Catalog.Row(GROUP, "use", "", "look at another source", () -> new UseSource(interpreter)),
                        new Catalog.Row(
                                GROUP,
                                "output",
                                "",
                                "the form of output from now on",
                                () -> new ChooseOutput(interpreter)),
                        new Catalog.Row(GROUP, "run", "", "run a script of commands", () -> new RunScript(interpreter)),
                        new Catalog.Row(GROUP, "exit", "", "leave", () -> new Exit(interpreter)),
                        new Catalog.Row(GROUP, "quit", "", "leave, too", () -> new Exit(interpreter))));
    }
}
