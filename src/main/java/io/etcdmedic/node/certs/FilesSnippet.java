package io.etcdmedic.node.certs;

import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.PathWalk;
import io.etcdmedic.node.facts.NodeFacts;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Owners and modes as NixOS module text, which also holds for users that NixOS has yet to make.
///
/// Source: tmpfiles.d(5), type `z`: sets owner and mode of what is there, at boot and at each switch, before
/// services start; `Z` descends, and with `~` files are not made executable.
public final class FilesSnippet {
    private FilesSnippet() {}

    public static String text(NodeFacts facts) {
        List<FileNeed> needs = FileNeeds.of(facts, CertPair.all(facts.machine()));
        Set<String> folders = new TreeSet<>();
        Set<String> closed = new TreeSet<>();
        StringBuilder rules = new StringBuilder();
        for (FileNeed need : needs) {
            PathWalk walk = PathWalk.of(facts.machine(), need.path());
            if (walk.end().filter(FileMeta::isFile).isEmpty()) {
                continue;
            }
            walk.passed().stream()
                    .filter(folder -> folder.isFolder() && folder.path().startsWith("/etc/kubernetes"))
                    .forEach(folder -> folders.add(folder.path()));
            walk.passed().stream()
                    .filter(folder -> folder.isFolder() && !folder.path().startsWith("/etc/kubernetes"))
                    .filter(folder -> !need.readers().isEmpty() && (folder.mode() & 0001) == 0)
                    .forEach(folder -> closed.add("z %s %04o %d %d -"
                            .formatted(escaped(folder.path()), folder.mode() | 0011, folder.uid(), folder.gid())));
            rules.append(rule(need, walk.end().get().path()));
        }
        StringBuilder text = new StringBuilder("""
                # Who reads which file: every service what it needs, and nobody else a key.
                { ... }:
                {
                  systemd.tmpfiles.rules = [
                """);
        closed.forEach(rule -> text.append("    \"%s\"%n".formatted(rule)));
        folders.forEach(folder -> text.append("    \"z %s 0755 root root -\"%n".formatted(folder)));
        text.append(rules);
        AuditLog.rules(facts).forEach(rule -> text.append("    \"%s\"%n".formatted(rule)));
        EtcdData.of(facts)
                .ifPresent(data -> text.append("    \"Z %s ~0700 %s %s -\"  # etcd's data, which RKE1 left to root%n"
                        .formatted(escaped(data.path()), data.user().user(), group(data))));
        return text.append("  ];\n}\n").toString();
    }

    private static String group(EtcdData data) {
        return data.user().as().group().orElse(data.user().user());
    }

    private static String rule(FileNeed need, String path) {
        List<String> readers = need.users();
        String access = !need.secret()
                ? "0644 root root"
                : readers.isEmpty() || need.isAuthority()
                        ? "0600 root root"
                        : readers.size() == 1
                                ? "0400 " + readers.getFirst() + " root"
                                : "0440 " + readers.getFirst() + " " + readers.get(1);
        return "    \"z %s %s -\"  # %s%n"
                .formatted(escaped(path), access, need.because().replaceAll("\\R", " "));
    }

    /// A path in a Nix string and in a tmpfiles line.
    private static String escaped(String path) {
        return path.replace("\\", "\\\\\\\\")
                .replace("\"", "\\\"")
                .replace("${", "\\${")
                .replace(" ", "\\\\x20")
                .replace("\n", "\\\\x0a");
    }
}
