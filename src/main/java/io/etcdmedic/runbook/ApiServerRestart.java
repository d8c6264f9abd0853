package io.etcdmedic.runbook;

import io.etcdmedic.host.RunningProcess;
import io.etcdmedic.host.Tools;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How the kube-apiserver of this machine is restarted: by whoever started it, which its control group tells.
///
/// Shape of a control group's path: `/system.slice/kube-apiserver.service` for a unit,
/// `/system.slice/docker-ID.scope` or `/docker/ID` for RKE1's container, `/kubepods…/…ID…` for a static pod, whose
/// container the kubelet starts again once it has ended: it is asked to, and has a minute for it.
public final class ApiServerRestart {
    private static final Pattern POD = Pattern.compile("/kubepods.*?([0-9a-f]{64})(\\.scope)?$");
    /// Not CRI-O's, whose scopes are named `crio-ID.scope`.
    private static final Pattern POD_OF_CONTAINERD =
            Pattern.compile("/kubepods.*?(?:/|cri-containerd[:-])([0-9a-f]{64})(\\.scope)?$");

    private static final Pattern DOCKER = Pattern.compile("/docker[/-]([0-9a-f]{64})(\\.scope)?$");
    private static final Pattern UNIT = Pattern.compile("/([^/]+\\.service)$");

    private ApiServerRestart() {}

    /// An argument list with an absolute program path; empty when nothing here says.
    public static Optional<List<String>> here(Scene scene) {
        return scene.parts().stream()
                .filter(part -> part.component() == Component.APISERVER)
                .flatMap(part -> command(scene, part).stream())
                .findFirst();
    }

    private static Optional<List<String>> command(Scene scene, Part part) {
        return switch (part.origin()) {
            case PROCESS ->
                scene.machine().processes().stream()
                        .filter(process -> part.where().equals("pid " + process.pid()))
                        .map(RunningProcess::cgroup)
                        .flatMap(group -> ofGroup(group).stream())
                        .findFirst();
            case UNIT ->
                absolute("systemctl", part.where().substring(part.where().lastIndexOf('/') + 1), "restart");
            case CONTAINER -> absolute("docker", Component.APISERVER.program(), "restart");
            case STATIC_POD, EMBEDDED -> Optional.empty();
        };
    }

    static Optional<List<String>> ofGroup(String group) {
        return Stream.of(
                        words(POD, group, "crictl", "stop", "--timeout", "60"),
                        words(POD_OF_CONTAINERD, group, "ctr", "--namespace", "k8s.io", "task", "kill"),
                        words(DOCKER, group, "docker", "restart"),
                        words(UNIT, group, "systemctl", "restart"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<List<String>> words(Pattern pattern, String group, String program, String... verb) {
        Matcher matcher = pattern.matcher(group);
        return matcher.find() ? absolute(program, matcher.group(1), verb) : Optional.empty();
    }

    private static Optional<List<String>> absolute(String program, String object, String... verb) {
        return Tools.find(program).map(path -> {
            List<String> argv = new ArrayList<>(List.of(path.toString()));
            argv.addAll(List.of(verb));
            argv.add(object);
            return List.copyOf(argv);
        });
    }
}
