package io.etcdmedic.installation;

import io.etcdmedic.host.RunsAs;
import java.util.List;
import java.util.Optional;

/// One part of Kubernetes that was found on a machine.
///
/// @param origin how it was found
/// @param where the process, file, unit or container that says so
/// @param argv the whole argument list, the program first; empty when only its presence is known
/// @param image the container image; empty when it is none, or not known
/// @param as the user it runs as, where that is known
public record Part(
        Component component, Origin origin, String where, List<String> argv, Flags flags, String image, RunsAs as) {
    public Part {
        argv = List.copyOf(argv);
    }

    public Part(
            Component component,
            Origin origin,
            String where,
            List<String> argv,
            Flags flags,
            String image,
            String user) {
        this(component, origin, where, argv, flags, image, RunsAs.user(user));
    }

    /// The user it runs as: a name or a number; empty when not known.
    public String user() {
        return as.user();
    }

    /// The same part with other flags.
    public Part with(Flags effective) {
        return new Part(component, origin, where, argv, effective, image, as);
    }

    /// What is the case now comes before what a file says will be.
    public enum Origin {
        PROCESS("running process"),
        CONTAINER("container"),
        STATIC_POD("static pod"),
        UNIT("systemd unit"),
        /// Inside another program, as k3s has it; the flags are those that its settings stand for.
        EMBEDDED("as configured");

        private final String words;

        Origin(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// The version that the image tag or the store path names: `v1.31.4`, `3.5.16`.
    public Optional<String> version() {
        return Versions.inImage(image).or(() -> argv.isEmpty() ? Optional.empty() : Versions.inPath(argv.getFirst()));
    }
}
