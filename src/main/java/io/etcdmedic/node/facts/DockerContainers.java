package io.etcdmedic.node.facts;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import io.etcdmedic.host.ToolAnswer;
import io.etcdmedic.host.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// RKE1's containers, as `docker inspect` tells them; where Docker does not answer (a mounted disk), as Docker wrote
/// them down below /var/lib/docker.
///
/// Source: RKE services/services.go (the names); moby container/container.go (`config.v2.json`, `hostconfig.json`).
///
/// @param found every container of RKE1 that is known
/// @param from who says so; empty when nobody does
/// @param trouble why Docker's own answer could not be used; empty when it could, or nothing speaks for Docker
public record DockerContainers(List<Container> found, String from, String trouble) {
    /// The containers of a node, whichever of them it has.
    static final List<String> NAMES = List.of(
            "etcd",
            "kube-apiserver",
            "kube-controller-manager",
            "kube-scheduler",
            "kubelet",
            "kube-proxy",
            "nginx-proxy",
            "service-sidekick",
            "etcd-rolling-snapshots");

    private static final String FOLDER = "/var/lib/docker/containers";

    public DockerContainers {
        found = List.copyOf(found);
    }

    /// What Docker is asked.
    public static ToolCall question() {
        List<String> argv = new ArrayList<>(List.of("docker", "inspect", "--type", "container"));
        argv.addAll(NAMES);
        return new ToolCall(argv, ToolCall.TIMEOUT, ToolCall.OUTPUT_BYTES_MAX);
    }

    static DockerContainers of(Machine machine) {
        return switch (machine.run(question())) {
            // The exit status is 1 as soon as one name of the list has no container.
            case ToolAnswer.Ran ran when ran.stdout().strip().startsWith("[") -> answered(machine, ran);
            case ToolAnswer.Ran ran -> stored(machine, "docker inspect: " + ran.trouble());
            case ToolAnswer.TimedOut late -> stored(machine, "docker inspect: " + late.trouble());
            case ToolAnswer.Missing _ -> stored(machine, "");
        };
    }

    private static DockerContainers answered(Machine machine, ToolAnswer.Ran ran) {
        try {
            List<Container> found = list(Json.read(ran.stdout())).stream()
                    .map(DockerContainers::inspected)
                    .toList();
            return found.isEmpty() ? stored(machine, "") : new DockerContainers(found, "docker inspect", "");
        } catch (Failure.Corrupt malformed) {
            String why =
                    ran.cut() ? "its answer is too long" : malformed.problem().message();
            return stored(machine, "docker inspect: " + why);
        }
    }

    private static List<Document> list(Document document) {
        return document instanceof Document.Sequence sequence ? sequence.elements() : List.of();
    }

    private static Container inspected(Document container) {
        return container(container, container.at("HostConfig").orElse(Document.Mapping.EMPTY));
    }

    private static DockerContainers stored(Machine machine, String trouble) {
        List<Container> found = new ArrayList<>();
        for (String id : machine.list(FOLDER)) {
            Optional<Document> config = json(machine, FOLDER + "/" + id + "/config.v2.json");
            Document host =
                    json(machine, FOLDER + "/" + id + "/hostconfig.json").orElse(Document.Mapping.EMPTY);
            config.map(c -> container(c, host))
                    .filter(c -> NAMES.contains(c.name()))
                    .ifPresent(found::add);
        }
        return new DockerContainers(found, found.isEmpty() ? "" : FOLDER, trouble);
    }

    private static Optional<Document> json(Machine machine, String path) {
        try {
            return machine.read(path) instanceof FileContent.Present file
                    ? Optional.of(Json.read(file.bytes()))
                    : Optional.empty();
        } catch (Failure.Corrupt notJson) {
            return Optional.empty();
        }
    }

    private static Container container(Document container, Document host) {
        List<String> argv = new ArrayList<>();
        container.text("Path").ifPresent(argv::add);
        argv.addAll(container.texts("Args"));
        Map<String, String> environment = new LinkedHashMap<>();
        for (String pair : container.texts("Config", "Env")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                environment.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        String name = container.text("Name").orElse("");
        return new Container(
                name.startsWith("/") ? name.substring(1) : name,
                container.text("Config", "Image").orElse(""),
                argv,
                environment,
                host.texts("Binds"),
                container.text("Config", "Hostname").orElse(""),
                container.truth("State", "Running").orElse(false),
                host.text("RestartPolicy", "Name").orElse(""));
    }
}
