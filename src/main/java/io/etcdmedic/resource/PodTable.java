package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A pod's row: what its containers are up to, in one word.
///
/// Source: K8S pkg/printers/internalversion/printers.go, printPod.
final class PodTable {
    private final Subject pod;
    private final Set<String> sidecars;
    private String reason;
    private long ready;
    private long restarts;
    private long sidecarRestarts;
    private Optional<Instant> lastRestart = Optional.empty();
    private Optional<Instant> lastSidecarRestart = Optional.empty();

    private PodTable(Subject pod) {
        this.pod = pod;
        sidecars = pod.list("spec", "initContainers").stream()
                .filter(c -> c.text("restartPolicy").orElse("").equals("Always"))
                .map(c -> c.text("name").orElse(""))
                .collect(Collectors.toSet());
        reason = pod.text("status", "phase");
    }

    static final KindTable TABLE = KindTable.of(
            s -> new PodTable(s).cells(),
            "Name",
            "Ready",
            "Status",
            "Restarts",
            "Age",
            "+IP",
            "+Node",
            "+Nominated Node",
            "+Readiness Gates");

    private List<Document> cells() {
        if (!pod.text("status", "reason").isEmpty()) {
            reason = pod.text("status", "reason");
        }
        boolean gated = pod.list("status", "conditions").stream()
                .anyMatch(c -> c.text("type").orElse("").equals("PodScheduled")
                        && c.text("reason").orElse("").equals("SchedulingGated"));
        if (gated) {
            reason = "SchedulingGated";
        }
        boolean initializing = initContainers();
        if (!initializing || pod.conditionIsTrue("Initialized")) {
            containers();
        }
        String phase = pod.text("status", "phase");
        if (pod.isDeleted() && pod.text("status", "reason").equals("NodeLost")) {
            reason = "Unknown";
        } else if (pod.isDeleted() && !phase.equals("Succeeded") && !phase.equals("Failed")) {
            reason = "Terminating";
        }
        String restarted = lastRestart
                .filter(_ -> restarts != 0)
                .map(at -> " (" + pod.since(at) + " ago)")
                .orElse("");
        long all = pod.list("spec", "containers").size() + sidecars.size();
        return Subject.row(
                pod.name(),
                ready + "/" + all,
                reason,
                restarts + restarted,
                pod.age(),
                pod.text(firstIp(), Subject.NONE),
                pod.text(pod.document().text("spec", "nodeName"), Subject.NONE),
                pod.text(pod.document().text("status", "nominatedNodeName"), Subject.NONE),
                readinessGates());
    }

    private Optional<String> firstIp() {
        return pod.list("status", "podIPs").stream()
                .findFirst()
                .flatMap(ip -> ip.text("ip"))
                .or(() -> pod.document().text("status", "podIP"));
    }

    /// Whether one of them is not done; then `reason` says what it waits for.
    private boolean initContainers() {
        List<Document> statuses = pod.list("status", "initContainerStatuses");
        for (int i = 0; i < statuses.size(); i++) {
            Document container = statuses.get(i);
            boolean sidecar = sidecars.contains(container.text("name").orElse(""));
            long again = container.whole("restartCount").orElse(0);
            restarts += again;
            lastRestart = later(lastRestart, container);
            if (sidecar) {
                sidecarRestarts += again;
                lastSidecarRestart = later(lastSidecarRestart, container);
            }
            Optional<Document> terminated = state(container, "terminated");
            if (terminated.isPresent() && exitCode(terminated.get()) == 0) {
                continue;
            }
            if (sidecar && container.truth("started").orElse(false)) {
                ready += container.truth("ready").orElse(false) ? 1 : 0;
                continue;
            }
            String waiting = container.text("state", "waiting", "reason").orElse("");
            if (terminated.isPresent()) {
                reason = "Init:" + ended(terminated.get());
            } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                reason = "Init:" + waiting;
            } else {
                reason = "Init:" + i + "/" + pod.list("spec", "initContainers").size();
            }
            return true;
        }
        return false;
    }

    private void containers() {
        restarts = sidecarRestarts;
        lastRestart = lastSidecarRestart;
        boolean running = false;
        String failed = "";
        for (Document container : pod.list("status", "containerStatuses").reversed()) {
            restarts += container.whole("restartCount").orElse(0);
            lastRestart = later(lastRestart, container);
            String waiting = container.text("state", "waiting", "reason").orElse("");
            Optional<Document> terminated = state(container, "terminated");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (terminated.isPresent()) {
                reason = ended(terminated.get());
                failed = exitCode(terminated.get()) != 0 ? reason : failed;
            } else if (container.truth("ready").orElse(false)
                    && state(container, "running").isPresent()) {
                running = true;
                ready++;
            }
        }
        if (reason.equals("Completed")) {
            if (running && pod.conditionIsTrue("Ready")) {
                reason = "Running";
            } else if (!failed.isEmpty()) {
                reason = failed;
            } else if (running) {
                reason = "NotReady";
            }
        }
    }

    private static Optional<Document> state(Document container, String state) {
        return container.at("state", state).filter(d -> !(d instanceof Document.Nil));
    }

    private static long exitCode(Document terminated) {
        return terminated.whole("exitCode").orElse(0);
    }

    private static String ended(Document terminated) {
        String why = terminated.text("reason").orElse("");
        long signal = terminated.whole("signal").orElse(0);
        if (!why.isEmpty()) {
            return why;
        }
        return signal != 0 ? "Signal:" + signal : "ExitCode:" + exitCode(terminated);
    }

    private static Optional<Instant> later(Optional<Instant> before, Document container) {
        Optional<Instant> ended =
                container.text("lastState", "terminated", "finishedAt").flatMap(Subject::time);
        return ended.filter(at -> before.isEmpty() || at.isAfter(before.get())).or(() -> before);
    }

    private String readinessGates() {
        List<Document> gates = pod.list("spec", "readinessGates");
        long open = gates.stream()
                .filter(g -> pod.conditionIsTrue(g.text("conditionType").orElse("")))
                .count();
        return gates.isEmpty() ? Subject.NONE : open + "/" + gates.size();
    }
}
