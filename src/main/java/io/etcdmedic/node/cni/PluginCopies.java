package io.etcdmedic.node.cni;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Copies of CNI plugins in a folder of their own, with their hashes.
///
/// Shape: `plugins.tsv` has a line `NAME TAB SHA-256 TAB BYTES` for each file beside it.
public record PluginCopies(Path folder, List<Copy> copies) {
    private static final String LIST = "plugins.tsv";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");

    public PluginCopies {
        copies = List.copyOf(copies);
    }

    public record Copy(String name, String sha256, long bytes) {}

    /// Copies every plugin of `binFolders` that can run, links followed.
    ///
    /// @param root where the machine's `/` is on this one
    /// @throws Failure.Refused when `folder` holds one of the files already
    public static PluginCopies save(Machine machine, Path root, List<String> binFolders, Path folder) {
        Plugins plugins = Plugins.of(machine, binFolders);
        Path target = DurableFile.folder(folder);
        List<Copy> copies = new ArrayList<>();
        for (String bin : binFolders) {
            for (String name : machine.list(bin)) {
                Plugins.Plugin plugin = plugins.at(bin + "/" + name);
                boolean known = copies.stream().anyMatch(c -> c.name().equals(name));
                Optional<FileMeta> file = machine.stat(plugin.path());
                if (plugin.runs()
                        && !known
                        && file.isPresent()
                        && PLAIN.matcher(name).matches()) {
                    Path from = root.resolve(file.get().path().substring(1));
                    copies.add(copy(name, from, target.resolve(name)));
                }
            }
        }
        if (copies.isEmpty()) {
            throw new Failure.Absent(Problem.in("saving the CNI plugins")
                    .found("no plugin that can run in " + String.join(", ", binFolders))
                    .hint("restart the pod that installs them first: medic node cni check names it"));
        }
        StringBuilder list = new StringBuilder();
        copies.forEach(c -> list.append(c.name())
                .append('\t')
                .append(c.sha256())
                .append('\t')
                .append(c.bytes())
                .append('\n'));
        DurableFile.writeNew(target.resolve(LIST), Bytes.utf8(list.toString()));
        return new PluginCopies(target, copies);
    }

    /// @throws Failure.Unreachable when `folder` holds no copies
    /// @throws Failure.Corrupt when a copy is not what was saved
    public static PluginCopies open(Path folder) {
        List<Copy> copies = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(folder.resolve(LIST))) {
                String[] field = line.split("\t", -1);
                if (field.length != 3 || !PLAIN.matcher(field[0]).matches()) {
                    throw corrupt(folder.resolve(LIST), "the line '" + line + "'");
                }
                Path file = folder.resolve(field[0]);
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        || !hash(file).equals(field[1])) {
                    throw corrupt(file, "it is not what was saved");
                }
                copies.add(new Copy(field[0], field[1], Files.size(file)));
            }
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading the saved CNI plugins in " + folder)
                            .found(IoReason.of(e))
                            .hint("medic node cni save DIR makes such a folder"))
                    .because(e);
        }
        return new PluginCopies(folder.toAbsolutePath().normalize(), copies);
    }

    private static Copy copy(String name, Path from, Path to) {
        MessageDigest digest = Sha256.digester();
        long bytes = 0;
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(from), digest);
                OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            bytes = in.transferTo(out);
        } catch (IOException e) {
            String hint = Files.exists(to) ? "choose another folder" : "";
            throw new Failure.Refused(Problem.in("copying " + from + " to " + to)
                            .found(IoReason.of(e))
                            .hint(hint))
                    .because(e);
        }
        return new Copy(name, Sha256.of(digest).hex(), bytes);
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = Sha256.digester();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Sha256.of(digest).hex();
    }

    private static Failure corrupt(Path file, String found) {
        return new Failure.Corrupt(
                Problem.in("reading the saved CNI plugin " + file).found(found).expected("what node cni save wrote"));
    }
}
