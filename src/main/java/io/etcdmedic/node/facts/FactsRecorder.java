package io.etcdmedic.node.facts;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.host.AclEntry;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A machine that remembers everything it was asked, to be saved.
///
/// What the checks ask is what is kept: the same checks over the saved folder give the same findings. Each answer
/// is taken once, so that one run judges one state.
public final class FactsRecorder implements Machine {
    private final Machine machine;
    private final Map<String, Optional<FileMeta>> metas = new TreeMap<>();
    private final Map<String, List<String>> folders = new TreeMap<>();
    private final Map<String, FileContent> contents = new TreeMap<>();
    private final Map<String, FileContent> heads = new TreeMap<>();
    private final Map<String, Optional<List<AclEntry>>> acls = new TreeMap<>();
    private final Map<List<String>, ToolAnswer> tools = new LinkedHashMap<>();
    private final List<RunningProcess> processes;

    public FactsRecorder(Machine machine) {
        this.machine = machine;
        this.processes = machine.processes();
    }

    @Override
    public String name() {
        return machine.name();
    }

    @Override
    public Set<String> denied() {
        return machine.denied();
    }

    @Override
    public Optional<FileMeta> look(String path) {
        return metas.computeIfAbsent(path, machine::look);
    }

    @Override
    public List<String> names(String path) {
        return folders.computeIfAbsent(path, machine::names);
    }

    @Override
    public FileContent content(String path) {
        return contents.computeIfAbsent(path, machine::content);
    }

    @Override
    public FileContent head(String path) {
        return heads.computeIfAbsent(path, machine::head);
    }

    @Override
    public Optional<List<AclEntry>> acl(String path) {
        return acls.computeIfAbsent(path, machine::acl);
    }

    @Override
    public List<RunningProcess> processes() {
        return processes;
    }

    @Override
    public ToolAnswer run(ToolCall call) {
        return tools.computeIfAbsent(call.argv(), _ -> machine.run(call));
    }

    /// Writes what was asked into `folder`, which must not hold facts yet.
    ///
    /// Secrets are withheld (see [Withheld]); files are named by number, never by what the machine calls them.
    ///
    /// @throws io.etcdmedic.failure.Failure.Refused when `folder` holds facts, or others can write to it
    public void save(Path folder, Instant taken) {
        Path target = DurableFile.folder(folder);
        write(target, SavedFacts.HEADER, List.of("format\t1", "machine\t" + field(machine.name()), "taken\t" + taken));
        Map<String, String> stored = storeContents(target);
        write(
                target,
                "files.tsv",
                metas.entrySet().stream()
                        .map(e -> row(e.getKey(), e.getValue(), stored.getOrDefault(e.getKey(), "-")))
                        .toList());
        write(
                target,
                "folders.tsv",
                folders.entrySet().stream()
                        .map(e -> joined(Stream.concat(Stream.of(e.getKey()), e.getValue().stream())))
                        .toList());
        write(
                target,
                "heads.tsv",
                heads.entrySet().stream()
                        .map(e -> joined(Stream.of(e.getKey(), headField(e.getValue()))))
                        .toList());
        write(
                target,
                "acl.tsv",
                acls.entrySet().stream().map(FactsRecorder::aclRow).toList());
        write(
                target,
                "processes.tsv",
                processes.stream()
                        .filter(FactsRecorder::isOurs)
                        .map(p -> Withheld.arguments(joined(Stream.concat(
                                Stream.of(Long.toString(p.pid()), Integer.toString(p.uid()), p.cgroup()),
                                p.argv().stream()))))
                        .toList());
        write(
                target,
                SavedFacts.DENIED,
                machine.denied().stream().sorted().map(FactsRecorder::field).toList());
        storeTools(target);
    }

    private Map<String, String> storeContents(Path target) {
        Path folder = DurableFile.folder(target.resolve("content"));
        Map<String, String> stored = new TreeMap<>();
        int number = 0;
        for (Map.Entry<String, FileContent> entry : contents.entrySet()) {
            switch (entry.getValue()) {
                case FileContent.Present file -> {
                    String name = "%04d".formatted(++number);
                    DurableFile.writeNew(folder.resolve(name), Withheld.content(entry.getKey(), file.bytes()));
                    stored.put(entry.getKey(), name);
                }
                case FileContent.Unreadable unreadable -> stored.put(entry.getKey(), "!" + unreadable.why());
                case FileContent.Absent _ -> {}
            }
        }
        return stored;
    }

    private void storeTools(Path target) {
        Path folder = DurableFile.folder(target.resolve("tools"));
        List<String> rows = new ArrayList<>();
        int number = 0;
        for (Map.Entry<List<String>, ToolAnswer> entry : tools.entrySet()) {
            String name = "%04d".formatted(++number);
            String outcome = switch (entry.getValue()) {
                case ToolAnswer.Ran ran -> {
                    DurableFile.writeNew(folder.resolve(name + ".stdout"), Bytes.utf8(Withheld.output(ran.stdout())));
                    DurableFile.writeNew(folder.resolve(name + ".stderr"), Bytes.utf8(Withheld.output(ran.stderr())));
                    yield "ran " + ran.exitStatus();
                }
                case ToolAnswer.Missing missing -> "missing " + missing.why();
                case ToolAnswer.TimedOut late -> "late " + late.after().toMillis();
            };
            rows.add(joined(Stream.concat(Stream.of(name, outcome), entry.getKey().stream())));
        }
        write(target, "tools.tsv", rows);
    }

    /// Only the processes that matter to a node are kept: others' arguments may hold anything.
    private static boolean isOurs(RunningProcess process) {
        String program = process.program();
        return program.startsWith("kube")
                || program.startsWith("etcd")
                || program.startsWith("containerd")
                || program.startsWith("k3s")
                || program.startsWith("rke2")
                || program.startsWith("dockerd")
                || program.startsWith("cri-dockerd");
    }

    private static String row(String path, Optional<FileMeta> meta, String content) {
        return meta.map(m -> joined(Stream.of(
                        path,
                        m.kind().name().toLowerCase(Locale.ROOT),
                        Integer.toString(m.uid()),
                        Integer.toString(m.gid()),
                        "%04o".formatted(m.mode()),
                        Long.toString(m.sizeBytes()),
                        Integer.toString(m.hardLinks()),
                        m.linkTarget(),
                        content)))
                .orElseGet(() -> joined(Stream.of(path, "absent")));
    }

    private static String headField(FileContent head) {
        return switch (head) {
            case FileContent.Present file -> file.bytes().toHex();
            case FileContent.Unreadable unreadable -> "!" + unreadable.why();
            case FileContent.Absent _ -> "-";
        };
    }

    private static String aclRow(Map.Entry<String, Optional<List<AclEntry>>> entry) {
        Stream<String> entries = entry.getValue()
                .map(list -> list.stream()
                        .map(e -> e.kind().name().toLowerCase(Locale.ROOT) + ":" + e.id() + ":" + e.bits()))
                .orElse(Stream.of("?"));
        return joined(Stream.concat(Stream.of(entry.getKey()), entries));
    }

    private static void write(Path folder, String name, List<String> rows) {
        String text = rows.isEmpty() ? "" : String.join("\n", rows) + "\n";
        DurableFile.writeNew(folder.resolve(name), Bytes.utf8(text));
    }

    private static String joined(Stream<String> fields) {
        return String.join("\t", fields.map(FactsRecorder::field).toList());
    }

    private static String field(String text) {
        return Escape.printable(Bytes.utf8(text));
    }
}
