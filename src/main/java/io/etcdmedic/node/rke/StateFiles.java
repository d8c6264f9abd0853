package io.etcdmedic.node.rke;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The files that RKE1 would write from its state: certificates, keys, kubeconfigs, the encryption configuration.
///
/// @param contents by file name
/// @param skipped names in the state that no file gets, and why
public record StateFiles(Map<String, Bytes> contents, List<String> skipped) {
    /// RKE's own names (pki/constants.go); a name out of a store may be anything, and must not leave the folder.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");

    public StateFiles {
        contents = Map.copyOf(contents);
        skipped = List.copyOf(skipped);
    }

    public static StateFiles of(ClusterState state) {
        Map<String, Bytes> contents = new TreeMap<>();
        List<String> skipped = new ArrayList<>();
        for (ClusterState.Certificate certificate : state.certificates()) {
            if (!PLAIN.matcher(certificate.name()).matches()
                    || certificate.name().contains("..")) {
                skipped.add("'" + certificate.name() + "' is no name for a file");
                continue;
            }
            put(contents, skipped, certificate.name() + ".pem", certificate.certificate());
            put(contents, skipped, certificate.name() + "-key.pem", certificate.key());
            put(contents, skipped, "kubecfg-" + certificate.name() + ".yaml", certificate.kubeconfig());
        }
        state.encryptionConfig().ifPresent(text -> put(contents, skipped, "encryption.yaml", text));
        return new StateFiles(contents, skipped);
    }

    /// The certificate of a `kube-ca-key` would have the name of kube-ca's key: the first one stays.
    private static void put(Map<String, Bytes> contents, List<String> skipped, String name, String text) {
        Bytes content = Bytes.utf8(text.endsWith("\n") ? text : text + "\n");
        if (text.isBlank() || content.equals(contents.get(name))) {
            return;
        }
        if (contents.putIfAbsent(name, content) != null) {
            skipped.add("a second '" + name + "', which differs from the first");
        }
    }

    /// Writes every file with mode 0600 into `folder`, which is made with 0700 when it is missing.
    ///
    /// @return the names, in order
    /// @throws Failure.Absent when the state holds none
    /// @throws Failure.Refused before anything is written, when one of them is there already
    public List<String> write(Path folder) {
        List<String> names = contents.keySet().stream().sorted().toList();
        if (names.isEmpty()) {
            throw new Failure.Absent(Problem.in("taking the files out of RKE1's state")
                    .found("it holds no certificate" + (skipped.isEmpty() ? "" : " with a name for a file"))
                    .hint("try another copy: --from SNAPSHOT, --from live, --from cluster.rkestate"));
        }
        for (String name : names) {
            if (Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                throw new Failure.Refused(Problem.in("writing into " + folder)
                        .found(name + " is there already")
                        .hint("choose another folder: --out DIR; nothing was written"));
            }
        }
        Path target = DurableFile.folder(folder);
        names.forEach(name -> DurableFile.writeNew(target.resolve(name), contents.getOrDefault(name, Bytes.EMPTY)));
        return names;
    }
}
