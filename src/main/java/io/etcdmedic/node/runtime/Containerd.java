package io.etcdmedic.node.runtime;

import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.UnitFile;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The containerd that the kubelet of a node uses.
///
/// The configuration is what `containerd config dump` says of the file that the process or its unit names; on a
/// machine that does not run, that file itself.
///
/// @param program how it is called: an absolute path where one is known
/// @param from who says what the configuration is; empty when nothing of containerd was found
/// @param trouble why less is known than could be; empty when nothing is missing
public record Containerd(Machine machine, String program, ContainerdConfig config, String from, String trouble) {
    private static final Pattern VERSION = Pattern.compile("(?m)\\b(\\d+)\\.(\\d+)\\.(\\d+)\\S*");

    private static final List<String> FILES = List.of(
            "/etc/containerd/config.toml",
            "/var/lib/rancher/k3s/agent/etc/containerd/config.toml",
            "/var/lib/rancher/rke2/agent/etc/containerd/config.toml");

    /// @param chosen containerd's configuration file, where the operator names it
    public static Containerd of(NodeFacts facts, Optional<String> chosen) {
        Machine machine = facts.machine();
        List<List<String>> commands = commands(facts);
        for (List<String> command : commands) {
            String file = Flags.parse(command)
                    .get("config")
                    .or(() -> Flags.parse(command).get("c"))
                    .orElse(FILES.getFirst());
            if (chosen.isEmpty() || chosen.get().equals(file)) {
                Containerd found = configured(machine, command.getFirst(), file);
                if (found.isKnown() || chosen.isPresent() || command.equals(commands.getLast())) {
                    return found;
                }
            }
        }
        if (chosen.isPresent()) {
            return configured(machine, "containerd", chosen.get());
        }
        return FILES.stream()
                .filter(machine::exists)
                .findFirst()
                .map(file -> configured(machine, "containerd", file))
                .orElseGet(() -> new Containerd(
                        machine,
                        "containerd",
                        ContainerdConfig.DEFAULT,
                        "",
                        "neither a containerd that runs, nor its unit, nor its configuration is there"));
    }

    /// The command lines of every containerd, the kubelet's first.
    private static List<List<String>> commands(NodeFacts facts) {
        String socket = facts.flags(Component.KUBELET)
                .get("container-runtime-endpoint")
                .map(endpoint -> endpoint.replaceFirst("^unix://", ""))
                .orElse(ContainerdConfig.ADDRESS);
        List<List<String>> commands = new ArrayList<>();
        facts.machine().processes().stream()
                .filter(p -> p.program().equals("containerd"))
                .map(RunningProcess::argv)
                .sorted(Comparator.comparingInt(argv -> argv.contains(socket) ? 0 : 1))
                .forEach(commands::add);
        facts.service("containerd")
                .map(UnitFile::execStart)
                .filter(argv -> !argv.isEmpty() && argv.getFirst().endsWith("containerd"))
                .ifPresent(commands::add);
        return commands;
    }

    private static Containerd configured(Machine machine, String program, String file) {
        List<String> argv = List.of(program, "--config", file, "config", "dump");
        ToolAnswer answer = machine.run(new ToolCall(argv, ToolCall.TIMEOUT, ToolCall.OUTPUT_BYTES_MAX));
        if (answer instanceof ToolAnswer.Ran ran && ran.ok()) {
            return parsed(machine, program, ran.stdout(), "containerd --config " + file + " config dump", "");
        }
        String why = "containerd config dump: " + answer.trouble();
        return switch (machine.read(file)) {
            case FileContent.Present present -> parsed(machine, program, present.text(), file, why);
            case FileContent.Absent _ ->
                new Containerd(machine, program, ContainerdConfig.DEFAULT, "containerd's defaults", why);
            case FileContent.Unreadable unreadable ->
                new Containerd(
                        machine, program, ContainerdConfig.DEFAULT, "", why + "; " + file + ": " + unreadable.why());
        };
    }

    private static Containerd parsed(Machine machine, String program, String toml, String from, String trouble) {
        try {
            ContainerdConfig config = ContainerdConfig.parse(toml);
            if (config.criDisabled()) {
                return new Containerd(
                        machine,
                        program,
                        ContainerdConfig.DEFAULT,
                        "",
                        "the containerd of " + from + " serves Docker alone: its CRI plugin is disabled");
            }
            boolean merged = config.imports().stream().allMatch(file -> from.contains(file) || trouble.isEmpty());
            return new Containerd(
                    machine,
                    program,
                    config,
                    from,
                    merged
                            ? trouble
                            : trouble + "; what it imports is not read: " + String.join(", ", config.imports()));
        } catch (IllegalArgumentException e) {
            return new Containerd(machine, program, ContainerdConfig.DEFAULT, "", from + ", " + e.getMessage());
        }
    }

    public boolean isKnown() {
        return !from.isEmpty();
    }

    /// `ctr`, from beside containerd where it lies there: its version then fits.
    public String ctr() {
        int slash = program.lastIndexOf('/');
        String beside = program.substring(0, slash + 1) + "ctr";
        return slash >= 0 && machine.exists(beside) ? beside : "ctr";
    }

    /// The arguments of `ctr` in Kubernetes' namespace of this containerd.
    public ToolCall ctr(String... arguments) {
        List<String> argv = new ArrayList<>(List.of(ctr(), "--address", config.address(), "--namespace", "k8s.io"));
        argv.addAll(List.of(arguments));
        return new ToolCall(argv, ToolCall.TIMEOUT, ToolCall.OUTPUT_BYTES_MAX);
    }

    /// Major and minor version, of the daemon where it answers, else as its store path names it: `1.7`.
    public Optional<String> version() {
        if (machine.run(ctr("version")) instanceof ToolAnswer.Ran ran && ran.ok()) {
            int server = ran.stdout().indexOf("Server:");
            Optional<String> told = minor(server < 0 ? "" : ran.stdout().substring(server));
            if (told.isPresent()) {
                return told;
            }
        }
        return program.startsWith("/nix/store/") ? minor(program) : Optional.empty();
    }

    /// The images in Kubernetes' namespace.
    public ImageList images() {
        return ImageList.of(machine.run(ctr("images", "ls")));
    }

    private static Optional<String> minor(String text) {
        Matcher matcher = VERSION.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1) + "." + matcher.group(2)) : Optional.empty();
    }
}
