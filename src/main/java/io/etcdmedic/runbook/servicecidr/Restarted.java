package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.document.Document;
import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.Machine;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.repair.NamedCheck;
import io.etcdmedic.repair.plan.Check;
import io.etcdmedic.runbook.Decoder;
import io.etcdmedic.runbook.Registry;
import io.etcdmedic.runbook.Scene;
import io.etcdmedic.runbook.Stored;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Whether every kube-apiserver was restarted since a moment: the holder of its identity lease is another then, or
/// the process on this machine.
///
/// Shape of a holder: `apiserver-HASH_UUID`, a new UUID at each start; `apiserver-HASH` is the lease's name.
/// Source: K8S pkg/controlplane/apiserver/server.go, measured on 1.36.
record Restarted(Decoder decoder, Clock clock, Machine machine) implements NamedCheck {
    static final String NAME = "servicecidr.restarted";

    /// All that run now. The arguments: `holders` of leases; where there are none, `processes` of this machine as
    /// `PID@START`; and `unseen`, of whom nothing tells.
    static Check everyOne(Scene scene) {
        Registry registry = scene.registry();
        List<String> holders = holders(Identities.fresh(registry, scene.clock().instant()));
        List<String> processes = holders.isEmpty() ? processes(scene) : List.of();
        List<String> registered = registry.keys("masterleases/").stream()
                .map(ApiServers::lastSegment)
                .toList();
        boolean all = registered.size() <= holders.size() + processes.size();
        return check(scene, holders, processes, all ? List.of() : registered);
    }

    /// The one of this machine; a check that always holds where none is seen.
    static Check ofThisMachine(Scene scene) {
        List<String> holders = holders(Identities.here(scene, scene.registry()));
        return check(scene, holders, holders.isEmpty() ? processes(scene) : List.of(), List.of());
    }

    private static Check check(Scene scene, List<String> holders, List<String> processes, List<String> unseen) {
        return new Check.Named(
                NAME,
                Map.of(
                        "prefix", scene.prefix(),
                        "holders", String.join(",", holders),
                        "processes", String.join(",", processes),
                        "unseen", String.join(",", unseen)));
    }

    private static List<String> holders(Stream<Document> leases) {
        return leases.flatMap(lease -> holder(lease).stream()).toList();
    }

    private static Optional<String> holder(Document lease) {
        return lease.text("spec", "holderIdentity").filter(holder -> holder.contains("_"));
    }

    private static List<String> processes(Scene scene) {
        List<String> found = new ArrayList<>();
        for (long pid : ApiServers.pids(scene)) {
            start(scene.machine(), Long.toString(pid)).ifPresent(start -> found.add(pid + "@" + start));
        }
        return found;
    }

    @Override
    public Optional<String> trouble(Keyspace keyspace, Revision at, Map<String, String> arguments) {
        Registry registry = Registry.of(keyspace, at, decoder, arguments);
        List<String> running = Stream.concat(
                        words(arguments, "holders").flatMap(holder -> stillHeld(registry, holder).stream()),
                        words(arguments, "processes").flatMap(process -> stillRuns(process).stream()))
                .toList();
        if (!running.isEmpty()) {
            return Optional.of("not restarted yet: " + String.join(", ", running));
        }
        List<String> unseen = words(arguments, "unseen").toList();
        return unseen.isEmpty()
                ? Optional.empty()
                : Optional.of("nothing tells when " + String.join(", ", unseen)
                        + " was started (no identity lease); once all are restarted: medic journal abandon");
    }

    private static Stream<String> words(Map<String, String> arguments, String name) {
        return Arrays.stream(arguments.getOrDefault(name, "").split(",")).filter(word -> !word.isEmpty());
    }

    private Optional<String> stillHeld(Registry registry, String holder) {
        String name = holder.substring(0, Math.max(0, holder.indexOf('_')));
        return registry.get("leases/kube-system/" + name)
                .map(Stored::document)
                .filter(lease -> Identities.isFresh(lease, clock.instant()))
                .filter(lease -> holder(lease).filter(holder::equals).isPresent())
                .map(lease -> "the kube-apiserver on " + Identities.host(lease));
    }

    private Optional<String> stillRuns(String process) {
        String pid = process.substring(0, Math.max(0, process.indexOf('@')));
        return start(machine, pid)
                .filter(start -> process.equals(pid + "@" + start))
                .map(_ -> "the kube-apiserver with process id " + pid);
    }

    /// When a process was started, in clock ticks since the machine was: field 22 of its stat, whose second field
    /// is a name in parentheses that may hold anything. Source: proc(5).
    private static Optional<String> start(Machine machine, String pid) {
        if (!(machine.read("/proc/" + pid + "/stat") instanceof FileContent.Present stat)) {
            return Optional.empty();
        }
        String text = stat.text();
        String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split("\\s+");
        return fields.length > 19 ? Optional.of(fields[19]) : Optional.empty();
    }
}
