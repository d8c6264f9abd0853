package io.etcdmedic.command.profile;

import io.etcdmedic.command.Command;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.command.connect.Profile;
import io.etcdmedic.command.connect.Profiles;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.render.Content;
import io.etcdmedic.render.Report;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import picocli.CommandLine;

/// `profile save NAME`: saves the connection that the options name.
@CommandLine.Command(
        footerHeading = "%nExamples:%n",
        footer = {
            "  medic profile save prod --endpoints https://10.0.0.1:2379,https://10.0.0.2:2379 \\",
            "        --cacert ca.pem --cert client.pem --key client-key.pem --read-only",
            "  medic profile test prod                 connects, and holds the profile to the cluster that answers"
        })
public final class ProfileSave implements Command {
    @CommandLine.Parameters(paramLabel = "NAME", description = "what to call it")
    private String name = "";

    @CommandLine.Option(names = "--replace", description = "in the place of one of the same name")
    private boolean replace;

    @Override
    public Report run(Session session) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new Failure.Usage(Problem.in("saving the profile '" + name + "'")
                    .found("a name of other characters")
                    .expected("letters, digits, dots, dashes"));
        }
        SequencedMap<String, String> options = options(session.options());
        if (!options.containsKey("endpoints")) {
            throw new Failure.Usage(Problem.in("saving the profile " + name)
                    .found("no endpoints")
                    .expected("--endpoints URL, and how to reach them"));
        }
        Profiles profiles = Profiles.of(session.environment());
        profiles.save(new Profile(name, options, ""), replace);
        return Report.of(new Content.Prose("saved the profile " + name + " in " + profiles.file() + "\n"));
    }

    private static SequencedMap<String, String> options(SharedOptions options) {
        SequencedMap<String, String> all = new LinkedHashMap<>();
        put(
                all,
                "endpoints",
                Optional.of(String.join(",", options.etcd().endpoints())).filter(e -> !e.isEmpty()));
        put(all, "cacert", options.etcd().cacert().map(ProfileSave::whole));
        put(all, "cert", options.etcd().cert().map(ProfileSave::whole));
        put(all, "key", options.etcd().key().map(ProfileSave::whole));
        put(all, "key-passphrase-file", options.etcd().keyPassphraseFile().map(ProfileSave::whole));
        put(all, "server-name", options.etcd().serverName());
        put(all, "user", options.etcd().user());
        put(all, "password-file", options.etcd().passwordFile().map(ProfileSave::whole));
        put(all, "dial-timeout", options.etcd().dialTimeout().map(d -> d.toMillis() + "ms"));
        put(all, "command-timeout", options.etcd().commandTimeout().map(d -> d.toMillis() + "ms"));
        put(all, "etcd-prefix", options.etcdPrefix());
        put(all, "encryption-config", options.values().encryptionConfig().map(ProfileSave::whole));
        put(all, "kubeconfig", options.api().kubeconfig().map(ProfileSave::whole));
        put(all, "context", options.api().context());
        put(all, Profile.READ_ONLY, options.state().readOnly() ? Optional.of("") : Optional.empty());
        return all;
    }

    private static void put(SequencedMap<String, String> all, String option, Optional<String> value) {
        value.ifPresent(v -> all.put(option, v));
    }

    /// The profile is used from other folders too.
    private static String whole(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }
}
