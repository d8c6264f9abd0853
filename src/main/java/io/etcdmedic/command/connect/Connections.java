package io.etcdmedic.command.connect;

import io.etcdmedic.command.EtcdOptions;
import io.etcdmedic.command.GoDuration;
import io.etcdmedic.etcd.Connection;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.installation.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Decides which etcd is meant: what an option says wins over the profile, the profile over the environment
/// (etcdctl's variables), the environment over what lies on the machine.
public final class Connections {
    private static final String VARIABLE = "ETCDCTL_";

    private Connections() {}

    /// @param options what was typed, and what the profile stands for
    /// @param machine looked at only when nobody names an endpoint
    /// @param talk told what was found on the machine, and where
    /// @throws Failure.Usage when nobody names an endpoint, or a name cannot be read
    /// @throws Failure.Refused when something asks for a connection that is not checked
    public static Connection of(
            EtcdOptions options,
            Map<String, String> environment,
            Supplier<Installation> machine,
            Consumer<String> talk) {
        refuseInsecure(environment);
        Wishes wishes = ofOptions(options).orElse(ofEnvironment(environment));
        if (wishes.password().isPresent() && wishes.user().isEmpty()) {
            throw new Failure.Usage(Problem.in("choosing whom to connect as")
                    .found("a password and no user")
                    .hint("--user NAME with it"));
        }
        return (wishes.endpoints().isEmpty() ? Found.on(machine.get(), wishes, talk) : wishes).connection();
    }

    private static Wishes ofOptions(EtcdOptions options) {
        options.user().ifPresent(user -> refusePassword(user, "--user"));
        Optional<String> user = options.user();
        boolean passwordNamed =
                options.passwordFile().isPresent() || options.passwordFd().isPresent();
        boolean passphraseNamed = options.keyPassphraseFile().isPresent()
                || options.keyPassphraseFd().isPresent();
        return new Wishes(
                options.endpoints(),
                options.cacert(),
                options.cert(),
                options.key(),
                options.serverName(),
                user,
                passwordNamed
                        ? Optional.of(() -> Secrets.read(
                                "the password of etcd's user",
                                options.passwordFile(),
                                options.passwordFd(),
                                "--password-file"))
                        : Optional.empty(),
                passphraseNamed
                        ? Optional.of(() -> Secrets.read(
                                "the key's passphrase",
                                options.keyPassphraseFile(),
                                options.keyPassphraseFd(),
                                "--key-passphrase-file"))
                        : Optional.empty(),
                options.dialTimeout(),
                options.commandTimeout(),
                options.profile().map(name -> "profile " + name).orElse("--endpoints"));
    }

    private static Wishes ofEnvironment(Map<String, String> environment) {
        Optional<String> user = variable(environment, "USER");
        user.ifPresent(name -> refusePassword(name, VARIABLE + "USER"));
        return new Wishes(
                variable(environment, "ENDPOINTS")
                        .map(list -> List.of(list.split(",")))
                        .orElse(List.of()),
                variable(environment, "CACERT").map(Path::of),
                variable(environment, "CERT").map(Path::of),
                variable(environment, "KEY").map(Path::of),
                Optional.empty(),
                user,
                variable(environment, "PASSWORD").map(password -> password::toCharArray),
                Optional.empty(),
                time(environment, "DIAL_TIMEOUT"),
                time(environment, "COMMAND_TIMEOUT"),
                VARIABLE + "ENDPOINTS");
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(VARIABLE + name)).filter(value -> !value.isEmpty());
    }

    private static Optional<Duration> time(Map<String, String> environment, String name) {
        return variable(environment, name)
                .map(text -> GoDuration.parse(text)
                        .orElseThrow(() -> new Failure.Usage(Problem.in("reading " + VARIABLE + name)
                                .found("'" + text + "'")
                                .expected("a time: 500ms, 5s, 1m30s"))));
    }

    private static void refusePassword(String user, String place) {
        if (user.contains(":")) {
            throw new Failure.Usage(Problem.in("reading " + place)
                    .found("NAME:PASSWORD, and a password in an argument or a variable is everybody's")
                    .expected("the name alone")
                    .hint("change that password if others use this machine; then --user NAME --password-file FILE"));
        }
    }

    private static void refuseInsecure(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            boolean off = value.isEmpty() || value.equals("false") || value.equals("0");
            if (name.startsWith(VARIABLE + "INSECURE_") && !off) {
                throw new Failure.Refused(Problem.in("reading the environment")
                        .found(name + "=" + value + " asks for a connection that anybody could sit in")
                        .hint("unset " + name + "; medic always checks who answers. A certificate that does not name"
                                + " the endpoint can be met with --server-name"));
            }
        });
    }
}
