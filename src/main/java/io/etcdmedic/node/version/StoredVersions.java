package io.etcdmedic.node.version;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.wire.WireFault;
import io.etcdmedic.wire.WireReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// In which versions objects are stored, by one scan over the keyspace that looks only at each value's envelope.
///
/// Shape: `k8s\0`, Unknown{1: TypeMeta{1: apiVersion, 2: kind}}; or JSON, whose first fields are looked for.
/// Source: K8S apimachinery runtime/generated.proto; the deprecated API migration guide (removed-versions.tsv).
public final class StoredVersions {
    private static final Bytes PROTOBUF = Bytes.owned(new byte[] {'k', '8', 's', 0});
    private static final int JSON_BYTES_LOOKED_AT = 4096;
    private static final Pattern API_VERSION = Pattern.compile("\"apiVersion\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern KIND = Pattern.compile("\"kind\"\\s*:\\s*\"([^\"]+)\"");
    private static final List<Removed> REMOVED = read();

    private StoredVersions() {}

    private record Removed(String apiVersion, String kind, KubernetesVersion since) {}

    public static List<StoredVersion> in(Keyspace keyspace, String prefix) {
        Map<String, StoredVersion> found = new TreeMap<>();
        try (Entries entries = keyspace.scan(KeyRange.prefix(Key.of(prefix + "/")), Scan.values())) {
            while (entries.hasNext()) {
                count(entries.next(), found);
            }
        }
        return List.copyOf(found.values());
    }

    /// Objects that `target` no longer serves in the version in which they are stored.
    static List<Finding> unreadable(List<StoredVersion> stored, KubernetesVersion target) {
        List<Finding> findings = new ArrayList<>();
        for (StoredVersion version : stored) {
            REMOVED.stream()
                    .filter(r -> r.apiVersion().equals(version.apiVersion())
                            && r.kind().equals(version.kind()))
                    .filter(r -> !target.isBefore(r.since()))
                    .forEach(r -> findings.add(Finding.error(
                                    "version/stored", version.apiVersion() + " " + version.kind())
                            .evidence("%d objects are stored in this version, among them %s; it is gone since %s"
                                    .formatted(version.objects(), version.example(), r.since()))
                            .consequence(
                                    "The apiserver may answer every list of that resource with an error: \"no kind "
                                            + version.kind() + " is registered for version " + version.apiVersion()
                                            + "\".")
                            .cure("rewrite them while an apiserver before " + r.since()
                                    + " runs: kubectl get … -o json | kubectl replace -f -")));
        }
        return findings;
    }

    private static void count(Entry entry, Map<String, StoredVersion> found) {
        String[] type = type(entry.value());
        if (type.length == 2) {
            found.merge(
                    type[0] + " " + type[1],
                    new StoredVersion(type[0], type[1], 1, entry.key().display()),
                    (a, b) -> new StoredVersion(a.apiVersion(), a.kind(), a.objects() + 1, a.example()));
        }
    }

    /// apiVersion and kind; nothing for what is neither protobuf nor JSON (encrypted, lease markers).
    private static String[] type(Bytes value) {
        try {
            if (value.startsWith(PROTOBUF)) {
                return typeMeta(new WireReader(value.from(PROTOBUF.length())));
            }
            if (value.startsWith(Bytes.utf8("{"))) {
                String head = value.slice(0, Math.min(value.length(), JSON_BYTES_LOOKED_AT))
                        .toUtf8();
                Matcher version = API_VERSION.matcher(head);
                Matcher kind = KIND.matcher(head);
                return version.find() && kind.find() ? new String[] {version.group(1), kind.group(1)} : new String[0];
            }
        } catch (WireFault broken) {
            return new String[0];
        }
        return new String[0];
    }

    private static String[] typeMeta(WireReader unknown) {
        while (!unknown.atEnd()) {
            int tag = unknown.tag();
            if (tag != (1 << 3 | WireReader.LENGTH)) {
                unknown.skip(tag);
                continue;
            }
            WireReader meta = new WireReader(unknown.bytes());
            String apiVersion = "";
            String kind = "";
            while (!meta.atEnd()) {
                int inner = meta.tag();
                switch (inner) {
                    case 1 << 3 | WireReader.LENGTH -> apiVersion = meta.bytes().toUtf8();
                    case 2 << 3 | WireReader.LENGTH -> kind = meta.bytes().toUtf8();
                    default -> meta.skip(inner);
                }
            }
            return new String[] {apiVersion, kind};
        }
        return new String[0];
    }

    private static List<Removed> read() {
        try (InputStream in = StoredVersions.class.getResourceAsStream("removed-versions.tsv")) {
            if (in == null) {
                throw new IllegalStateException("removed-versions.tsv is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .map(f -> new Removed(
                            f[0], f[1], KubernetesVersion.parse(f[2]).orElseThrow()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
