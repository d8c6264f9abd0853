package io.etcdmedic.node;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.OpenedFolder;
import io.etcdmedic.host.ToolCall;
import io.etcdmedic.host.Tools;
import io.etcdmedic.repair.HostAccess;
import io.etcdmedic.repair.plan.HostChange.Ownership;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// This machine, for the engine: files below the folders of a Kubernetes node, and the few programs that a plan
/// runs.
///
/// A plan may come out of a file that somebody else wrote, so the lists here hold whatever it says. Below another
/// system's root the same folders are meant: `/mnt/etc/kubernetes/…`.
public final class MachineAccess implements HostAccess {
    /// Folders, as they follow each other in a path; what lies below them may be changed.
    private static final List<Path> FOLDERS = List.of(
            Path.of("etc/kubernetes"),
            Path.of("var/lib/kubernetes"),
            Path.of("opt/cni"),
            Path.of("etc/cni"),
            Path.of("var/log/kube-audit"),
            Path.of("lib/cni"),
            Path.of("libexec/cni"));

    /// Programs that a plan may run; those of [#FILE_PROGRAMS] only on files that are ours to change.
    private static final Set<String> FILE_PROGRAMS = Set.of("install", "mv", "rm");

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    /// What other programs may be asked for: images, and that somebody starts the kube-apiserver again.
    private static final Map<String, Pattern> COMMANDS = Map.of(
            "cmp", Pattern.compile("( \\S+)+"),
            "ctr",
                    Pattern.compile(" --address \\S+ --namespace k8s\\.io images (import|label|rm) .*"
                            + "| --namespace k8s\\.io task kill [0-9a-f]{64}"),
            "crictl", Pattern.compile(" stop --timeout 60 [0-9a-f]{64}"),
            "docker", Pattern.compile(" restart [A-Za-z0-9][A-Za-z0-9_.-]*"),
            "systemctl", Pattern.compile(" restart [A-Za-z0-9:_.@\\\\-]+\\.service"));

    private static final Pattern PLAIN_WORD = Pattern.compile("-D|-m|-T|--|[0-7]{4}");

    /// Importing a pause image takes a second, one of another image some more.
    private static final Duration PROGRAM_TIMEOUT = Duration.ofMinutes(2);

    private static final int CONTENT_BYTES_MAX = 8 << 20;

    @Override
    public Optional<Bytes> content(String path) {
        Path file = Path.of(path);
        try (OpenedFolder folder = OpenedFolder.of(file)) {
            return folder.read(name(file), CONTENT_BYTES_MAX);
        }
    }

    @Override
    public Optional<Ownership> ownership(String path) {
        Path file = Path.of(path);
        try (OpenedFolder folder = OpenedFolder.of(file)) {
            return folder.meta(name(file)).map(MachineAccess::ownership);
        }
    }

    @Override
    public void setOwnership(String path, Ownership ownership) {
        Path file = EtcdFolder.mayOwn(path) ? unused(Path.of(path)) : allowed(path);
        try (OpenedFolder folder = OpenedFolder.of(file)) {
            folder.change(name(file), ownership.uid(), ownership.gid(), ownership.mode());
        }
    }

    @Override
    public void write(String path, Bytes content, Ownership ownership) {
        Path file = allowed(path);
        try (OpenedFolder folder = OpenedFolder.of(file)) {
            folder.write(name(file), content, ownership.uid(), ownership.gid(), ownership.mode());
        }
    }

    @Override
    public void remove(String path) {
        Path file = allowed(path);
        try (OpenedFolder folder = OpenedFolder.of(file)) {
            folder.remove(name(file));
        }
    }

    @Override
    public Optional<String> run(List<String> argv) {
        requireProgram(argv);
        String trouble = Tools.run(new ToolCall(argv, PROGRAM_TIMEOUT, ToolCall.OUTPUT_BYTES_MAX))
                .trouble();
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    /// The program that PATH finds under a name that is ours to run, and words that medic itself would give it.
    private static void requireProgram(List<String> argv) {
        Path program = Path.of(argv.getFirst());
        String name = name(program).toString();
        boolean known = FILE_PROGRAMS.contains(name) || COMMANDS.containsKey(name);
        if (!known || !Tools.find(name).equals(Optional.of(program))) {
            throw new Failure.Refused(Problem.in("running " + program)
                    .found("no program that a plan may run")
                    .expected("one of "
                            + Stream.concat(FILE_PROGRAMS.stream(), COMMANDS.keySet().stream())
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ", where PATH finds it"));
        }
        if (FILE_PROGRAMS.contains(name)) {
            requireOurFiles(argv);
            return;
        }
        String words =
                argv.subList(1, argv.size()).stream().map(word -> " " + word).collect(Collectors.joining());
        if (!COMMANDS.getOrDefault(name, NOTHING).matcher(words).matches()) {
            throw new Failure.Refused(Problem.in("running " + String.join(" ", argv))
                    .found("words that medic does not give " + name)
                    .expected("a command about images, or one that restarts the kube-apiserver"));
        }
    }

    /// `install -m 0755 FROM TO`, `mv FROM TO`, `rm FILE`: nothing but plain options, and files that are ours to
    /// change.
    private static void requireOurFiles(List<String> argv) {
        List<String> files = new ArrayList<>();
        for (String word : argv.subList(1, argv.size())) {
            if (word.startsWith("/")) {
                files.add(word);
            } else if (!PLAIN_WORD.matcher(word).matches()) {
                throw new Failure.Refused(Problem.in("running " + String.join(" ", argv))
                        .found("the argument " + word)
                        .expected("absolute paths, and the options that medic itself gives"));
            }
        }
        boolean readsFirst = name(Path.of(argv.getFirst())).toString().equals("install");
        files.stream().skip(readsFirst ? 1 : 0).forEach(MachineAccess::allowed);
    }

    /// Whether a plan may change what is at `path`.
    public static boolean mayChange(String path) {
        Path file = Path.of(path);
        return file.normalize().equals(file) && FOLDERS.stream().anyMatch(folder -> passes(file, folder));
    }

    private static Path unused(Path file) {
        EtcdFolder.holder(file).ifPresent(who -> {
            throw new Failure.Refused(
                    Problem.in("changing the owner of " + file)
                            .found(who + " runs on this data folder")
                            .expected("an etcd that is stopped for good")
                            .hint(
                                    "stop RKE1's container (docker update --restart=no etcd; docker stop etcd) or the unit first"));
        });
        return file;
    }

    private static Path allowed(String path) {
        Path file = Path.of(path);
        if (!mayChange(path)) {
            throw new Failure.Refused(Problem.in("changing " + path)
                    .found("a file outside the folders of a Kubernetes node")
                    .expected("a file below one of "
                            + String.join(
                                    ", ", FOLDERS.stream().map(f -> "/" + f).toList())));
        }
        return file;
    }

    /// Whether `folder`'s names follow each other in `file`, or are its end.
    private static boolean passes(Path file, Path folder) {
        int names = folder.getNameCount();
        for (int i = 0; i + names <= file.getNameCount(); i++) {
            if (file.subpath(i, i + names).equals(folder)) {
                return true;
            }
        }
        return false;
    }

    private static Path name(Path file) {
        return file.getName(file.getNameCount() - 1);
    }

    private static Ownership ownership(FileMeta meta) {
        return new Ownership(meta.uid(), meta.gid(), meta.mode());
    }
}
