package io.etcdmedic.node.facts;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.AclEntry;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A machine as `node inspect --save` left it.
///
/// What was not asked then is not known now: such a question is answered as if nothing were there, and counted in
/// [#gaps()], so that a verdict can say what it is missing.
public final class SavedFacts implements Machine {
    static final String HEADER = "medic-facts";
    static final String DENIED = "denied.tsv";
    private final Path folder;
    private final Map<String, Optional<FileMeta>> metas = new HashMap<>();
    private final Map<String, String> contents = new HashMap<>();
    private final Map<String, List<String>> folders = new HashMap<>();
    private final Map<String, String> heads = new HashMap<>();
    private final Map<String, Optional<List<AclEntry>>> acls = new HashMap<>();
    private final Map<List<String>, ToolAnswer> tools = new HashMap<>();
    private final List<RunningProcess> processes = new ArrayList<>();
    private final Set<String> gaps = new TreeSet<>();
    private final Set<String> denied = new TreeSet<>();

    private SavedFacts(Path folder) {
        this.folder = folder;
    }

    /// @throws Failure.Unreachable when `folder` holds no facts
    /// @throws Failure.Corrupt when a line of them cannot be read
    public static SavedFacts open(Path folder) {
        SavedFacts facts = new SavedFacts(folder);
        if (!Files.isRegularFile(folder.resolve(HEADER))) {
            throw new Failure.Unreachable(Problem.in("reading the facts in " + folder)
                    .found("there is no file " + HEADER)
                    .hint("save facts on the node with: medic node inspect --save DIR"));
        }
        facts.rows(HEADER, row -> {
            if (row.getFirst().equals("format") && !row.get(1).equals("1")) {
                throw new IllegalArgumentException("format " + row.get(1) + " is newer than this program");
            }
        });
        facts.rows("files.tsv", facts::file);
        facts.rows("folders.tsv", row -> facts.folders.put(row.getFirst(), row.subList(1, row.size())));
        facts.rows("heads.tsv", row -> facts.heads.put(row.getFirst(), row.get(1)));
        facts.rows("acl.tsv", facts::aclRow);
        facts.rows(
                "processes.tsv",
                row -> facts.processes.add(new RunningProcess(
                        Long.parseLong(row.getFirst()),
                        Integer.parseInt(row.get(1)),
                        row.subList(3, row.size()),
                        row.get(2))));
        facts.rows("tools.tsv", facts::tool);
        if (Files.exists(folder.resolve(DENIED))) {
            facts.rows(DENIED, row -> facts.denied.add(row.getFirst()));
        }
        return facts;
    }

    /// What was asked now, and not when the facts were saved.
    public Set<String> gaps() {
        return gaps;
    }

    @Override
    public String name() {
        return "the facts in " + folder;
    }

    @Override
    public Set<String> denied() {
        return denied;
    }

    @Override
    public Optional<FileMeta> look(String path) {
        Optional<FileMeta> known = metas.get(path);
        if (known == null) {
            gaps.add(path);
            return Optional.empty();
        }
        return known;
    }

    @Override
    public List<String> names(String path) {
        if (!folders.containsKey(path)) {
            gaps.add(path + "/");
        }
        return folders.getOrDefault(path, List.of());
    }

    @Override
    public FileContent content(String path) {
        String stored = contents.getOrDefault(path, "-");
        if (stored.startsWith("!")) {
            return new FileContent.Unreadable(stored.substring(1));
        }
        if (!stored.matches("\\d{1,9}")) {
            gaps.add(path);
            return new FileContent.Unreadable("its content is not in " + name());
        }
        try {
            return new FileContent.Present(
                    path,
                    Bytes.owned(Files.readAllBytes(folder.resolve("content").resolve(stored))));
        } catch (IOException e) {
            return new FileContent.Unreadable(io.etcdmedic.host.IoReason.of(e));
        }
    }

    @Override
    public FileContent head(String path) {
        String stored = heads.getOrDefault(path, "");
        if (stored.matches("([0-9a-f]{2})*") && heads.containsKey(path)) {
            return new FileContent.Present(path, stored.isEmpty() ? Bytes.EMPTY : Bytes.hex(stored));
        }
        if (stored.equals("-")) {
            return new FileContent.Absent();
        }
        if (stored.startsWith("!")) {
            return new FileContent.Unreadable(stored.substring(1));
        }
        gaps.add(path);
        return new FileContent.Unreadable("its beginning is not in " + name());
    }

    @Override
    public Optional<List<AclEntry>> acl(String path) {
        return acls.getOrDefault(path, Optional.empty());
    }

    @Override
    public List<RunningProcess> processes() {
        return List.copyOf(processes);
    }

    @Override
    public ToolAnswer run(ToolCall call) {
        ToolAnswer answer = tools.get(call.argv());
        if (answer == null) {
            gaps.add(call.words());
            return new ToolAnswer.Missing("what `" + call.words() + "` says is not in " + name());
        }
        return answer;
    }

    private interface Row {
        void read(List<String> fields);
    }

    private void rows(String name, Row row) {
        int number = 0;
        try {
            for (String line : Files.readAllLines(folder.resolve(name))) {
                number++;
                row.read(Arrays.stream(line.split("\t", -1))
                        .map(field -> Escape.parse(field).toUtf8())
                        .toList());
            }
        } catch (IOException e) {
            throw new Failure.Unreachable(
                            Problem.in("reading " + folder.resolve(name)).found(io.etcdmedic.host.IoReason.of(e)))
                    .because(e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Failure.Corrupt(Problem.in("reading line " + number + " of " + folder.resolve(name))
                            .found(String.valueOf(e.getMessage())))
                    .because(e);
        }
    }

    private void file(List<String> row) {
        String path = row.getFirst();
        if (row.get(1).equals("absent")) {
            metas.put(path, Optional.empty());
            return;
        }
        metas.put(
                path,
                Optional.of(new FileMeta(
                        path,
                        FileMeta.Kind.valueOf(row.get(1).toUpperCase(Locale.ROOT)),
                        Integer.parseInt(row.get(2)),
                        Integer.parseInt(row.get(3)),
                        Integer.parseInt(row.get(4), 8),
                        Long.parseLong(row.get(5)),
                        row.get(7),
                        Integer.parseInt(row.get(6)))));
        contents.put(path, row.get(8));
    }

    private void aclRow(List<String> row) {
        List<String> entries = row.subList(1, row.size());
        acls.put(
                row.getFirst(),
                entries.equals(List.of("?"))
                        ? Optional.empty()
                        : Optional.of(entries.stream().map(SavedFacts::aclEntry).toList()));
    }

    private static AclEntry aclEntry(String text) {
        String[] parts = text.split(":", -1);
        return new AclEntry(
                AclEntry.Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]));
    }

    private void tool(List<String> row) {
        String[] outcome = row.get(1).split(" ", 2);
        List<String> argv = row.subList(2, row.size());
        tools.put(
                argv,
                switch (outcome[0]) {
                    case "ran" ->
                        new ToolAnswer.Ran(
                                Integer.parseInt(outcome[1]),
                                output(row.getFirst(), "stdout"),
                                output(row.getFirst(), "stderr"),
                                false);
                    case "late" -> new ToolAnswer.TimedOut(Duration.ofMillis(Long.parseLong(outcome[1])));
                    default ->
                        new ToolAnswer.Missing(outcome.length > 1 ? outcome[1] : argv.getFirst() + " was absent");
                });
    }

    private String output(String number, String stream) {
        if (!number.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("a tool's number is not one: " + number);
        }
        try {
            return Bytes.owned(Files.readAllBytes(folder.resolve("tools").resolve(number + "." + stream)))
                    .toUtf8();
        } catch (IOException e) {
            throw new IllegalArgumentException("the output of tool " + number + " is not there", e);
        }
    }
}
