package io.etcdmedic.command.connect;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.host.DurableFile;
import io.etcdmedic.render.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The connections that were saved: `$XDG_CONFIG_HOME/etcd-medic/profiles.yaml`, one mapping `profiles`.
public final class Profiles {
    private static final String ROOT = "profiles";
    /// Options that name files which nobody else may read.
    private static final List<String> SECRET_FILES = List.of("key", "key-passphrase-file", "password-file");

    private static final int OTHERS_WRITE = 022;

    private final Path file;

    private Profiles(Path file) {
        this.file = file;
    }

    public static Profiles of(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path config = xdg.startsWith("/") ? Path.of(xdg) : Path.of(environment.getOrDefault("HOME", "/"), ".config");
        return new Profiles(config.resolve("etcd-medic/profiles.yaml"));
    }

    public Path file() {
        return file;
    }

    /// All of them, by name; none when there is no file.
    ///
    /// @throws Failure.Refused when others can write the file: it would decide where our certificate goes
    /// @throws Failure.Usage when it cannot be understood
    public List<Profile> all() {
        Bytes bytes;
        try {
            bytes = Bytes.owned(Files.readAllBytes(file));
            if ((mode(file) & OTHERS_WRITE) != 0) {
                throw new Failure.Refused(Problem.in("reading " + file)
                        .found("others can write to it (mode %04o)".formatted(mode(file)))
                        .hint("chmod 600 " + file));
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in("reading " + file).found(e.toString())).because(e);
        }
        return bytes.toUtf8().isBlank() ? List.of() : read(bytes);
    }

    private List<Profile> read(Bytes bytes) {
        try {
            Document whole = YamlReader.read(bytes, file.toString());
            if (!(whole.at(ROOT).orElse(whole) instanceof Document.Mapping profiles) || profiles.equals(whole)) {
                throw new Failure.Usage(Problem.in("reading " + file)
                        .found("it has no mapping '" + ROOT + "' from names to connections"));
            }
            List<Profile> all = new ArrayList<>();
            profiles.fields().forEach((name, document) -> all.add(Profile.read(name, document)));
            return all;
        } catch (Failure wrong) {
            throw new Failure.Usage(wrong.problem()
                            .hint("mend " + file + ", or move it away and save the profiles anew; nothing is written to"
                                    + " it as it is"))
                    .because(wrong);
        }
    }

    /// @throws Failure.Usage when there is none of this name
    /// @throws Failure.Refused when others can read a key or a password that it names
    public Profile named(String name) {
        Profile profile = find(name)
                .orElseThrow(() -> new Failure.Usage(Problem.in("reading the profile " + name)
                        .found("there is none of this name in " + file)
                        .expected(names())
                        .hint("medic profile save " + name + " --endpoints URL … saves one")));
        for (String option : SECRET_FILES) {
            profile.option(option)
                    .ifPresent(path -> Secrets.requireOursAlone("using the profile " + name, Path.of(path)));
        }
        return profile;
    }

    private Optional<Profile> find(String name) {
        return all().stream().filter(p -> p.name().equals(name)).findFirst();
    }

    private String names() {
        List<Profile> all = all();
        return all.isEmpty()
                ? "a saved one; there is none yet"
                : "one of " + String.join(", ", all.stream().map(Profile::name).toList());
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & 07777;
    }

    /// @throws Failure.Refused when the name is taken and not to be replaced
    public void save(Profile profile, boolean replace) {
        if (!replace && find(profile.name()).isPresent()) {
            throw new Failure.Refused(Problem.in("saving the profile " + profile.name())
                    .found("there is one of this name")
                    .hint("--replace puts this one in its place"));
        }
        write(profile.name(), Optional.of(profile));
    }

    /// @throws Failure.Usage when there is none of this name
    public void remove(String name) {
        if (find(name).isEmpty()) {
            throw new Failure.Usage(
                    Problem.in("removing the profile " + name).found("there is none of this name in " + file));
        }
        write(name, Optional.empty());
    }

    /// Holds a profile to the cluster that answered first.
    ///
    /// @param clusterId of who answers now; empty where there is none to hold to (kine)
    /// @throws Failure.Refused when another cluster answers
    public void pin(Profile profile, String clusterId) {
        if (profile.clusterId().isEmpty() && !clusterId.isEmpty()) {
            write(profile.name(), Optional.of(profile.pinned(clusterId)));
        } else if (!profile.clusterId().equals(clusterId)) {
            throw new Failure.Refused(Problem.in("using the profile " + profile.name())
                    .found("the cluster " + clusterId + " answers")
                    .expected("the cluster " + profile.clusterId() + ", which answered before")
                    .hint("was the cluster restored, or is this another one? If it is right: medic profile save "
                            + profile.name() + " --replace … forgets the old one"));
        }
    }

    private void write(String name, Optional<Profile> changed) {
        SequencedMap<String, Document> profiles = new LinkedHashMap<>();
        all().forEach(p -> profiles.put(p.name(), p.document()));
        changed.ifPresentOrElse(p -> profiles.put(name, p.document()), () -> profiles.remove(name));
        SequencedMap<String, Document> root = new LinkedHashMap<>();
        root.put(ROOT, new Document.Mapping(profiles));
        Path folder = file.getParent();
        if (folder != null) {
            DurableFile.folder(folder);
        }
        DurableFile.write(file, Bytes.utf8(Yaml.of(new Document.Mapping(root))));
    }
}
