package io.etcdmedic.node.runtime;

import io.etcdmedic.document.Document;
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
            String program =
                    commands.isEmpty() ? "containerd" : commands.getFirst().getFirst();
            return configured(machine, program, chosen.get());
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
            return parsed(machine, program, ran.stdout(), "containerd --config " + file + " config dump");
        }
        String why = "containerd config dump: " + answer.trouble();
        if (!machine.exists(file)) {
            return new Containerd(machine, program, ContainerdConfig.DEFAULT, "containerd's defaults", why);
        }
        ContainerdFiles files = ContainerdFiles.read(machine, file, inStore(program));
        return files.config().equals(Document.Mapping.EMPTY)
                ? nothing(machine, program, why + "; " + String.join("; ", files.troubles()))
                : known(machine, program, ContainerdConfig.of(files.config()), file, joined(why, files.troubles()));
    }

    private static String joined(String why, List<String> more) {
        return more.isEmpty() ? why : why + "; " + String.join("; ", more);
    }

    private static Containerd parsed(Machine machine, String program, String toml, String from) {
        try {
            return known(machine, program, ContainerdConfig.parse(toml), from, "");
        } catch (IllegalArgumentException e) {
            return nothing(machine, program, from + ", " + e.getMessage());
        }
    }

    private static Containerd known(
            Machine machine, String program, ContainerdConfig config, String from, String trouble) {
        return config.criDisabled()
                ? nothing(
                        machine,
                        program,
                        "the containerd of " + from + " serves Docker alone: its CRI plugin is disabled")
                : new Containerd(machine, program, config, from, trouble);
    }

    private static Containerd nothing(Machine machine, String program, String trouble) {
        return new Containerd(machine, program, ContainerdConfig.DEFAULT, "", trouble);
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
        return inStore(program);
    }

    /// The version that the store path names.
    public Optional<String> builtVersion() {
        return inStore(program);
    }

    private static Optional<String> inStore(String program) {
        return program.startsWith("/nix/store/") ? minor(program) : Optional.empty();
    }

    /// What it tells the kubelet.
    public Cri cri() {
        return Cri.of(machine, config.address());
    }

    /// The images in Kubernetes' namespace.
    public ImageList images() {
        ImageList list = ImageList.of(machine.run(ctr("images", "ls")));
        boolean down = !machine.processes().isEmpty()
                && machine.processes().stream()
                        .noneMatch(process -> process.program().equals("containerd"));
        return down && !list.trouble().isEmpty()
                ? new ImageList(List.of(), list.trouble() + "; no containerd runs")
                : list;
    }

    private static Optional<String> minor(String text) {
        Matcher matcher = VERSION.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1) + "." + matcher.group(2)) : Optional.empty();
    }
}
