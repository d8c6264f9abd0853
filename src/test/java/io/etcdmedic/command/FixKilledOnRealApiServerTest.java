package io.etcdmedic.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.etcdmedic.apiserver.ApiCollection;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.etcd.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.etcd.EtcdKeyspace;
import io.etcdmedic.host.Tools;
import io.etcdmedic.keyspace.Entries;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.KeyRange;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Scan;
import io.etcdmedic.keyspace.Transaction;
import io.etcdmedic.keyspace.Write;
import io.etcdmedic.keyspace.WritePermit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The repair, killed by strace at every call that makes its journal durable, and gone on with, on a real
/// kube-apiserver.
///
/// Some minutes: the program starts for every call, and a kube-apiserver's loop runs every 10 s.
@Tag("long")
class FixKilledOnRealApiServerTest {
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final List<String> FOLDERS =
            List.of("/registry/servicecidrs/", "/registry/services/specs/", "/registry/ipaddresses/");

    @TempDir
    Path folder = Path.of("");

    /// `pwrite64`: dead with something done and nothing written of it; `fsync`: dead with it written.
    @ParameterizedTest
    @ValueSource(strings = {"pwrite64", "fsync"})
    void endsTheSameWhereverItsProcessIsKilled(String call) throws IOException, InterruptedException {
        assumeThat(Tools.find("strace")).as("strace is on PATH").isPresent();
        try (KubeProcess kube = KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16");
                KubeApi api = kube.api();
                EtcdCluster live = EtcdCluster.open(Connections.plain(kube.endpoint()));
                EtcdKeyspace etcd = live.keyspace()) {
            List<Entry> accident = entries(etcd);
            SortedSet<String> repaired = new TreeSet<>();
            int kills = 0;
            for (int n = 1; ; n++) {
                MedicAtKube medic = new MedicAtKube(kube, folder.resolve(call + "-" + n));
                boolean killed = killed(medic, call, n);
                if (repaired.isEmpty()) {
                    repaired.addAll(facts(api));
                }
                assertThat(facts(api)).as("after %s %d", call, n).isEqualTo(repaired);
                assertThat(medic.medic("fix", "servicecidr", "--cidr", "10.43.0.0/16")
                                .text())
                        .endsWith("Nothing to do.\n");
                if (!killed) {
                    break;
                }
                kills++;
                again(etcd, accident);
            }
            assertThat(repaired).contains("service kubernetes [10.43.0.1]", "range kubernetes [10.43.0.0/16] True");
            assertThat(kills).as("kills").isGreaterThanOrEqualTo(15);
            assertThat(kube.etcdctl("get", "--prefix", "/etcd-medic/", "--keys-only"))
                    .isBlank();
        }
    }

    /// @return whether the call came at which it is killed
    private boolean killed(MedicAtKube medic, String call, int n) throws IOException, InterruptedException {
        Path plan = folder.resolve(call + "-plan-" + n);
        Ran written = medic.medic("fix", "servicecidr", "--cidr", "10.43.0.0/16", "--plan", plan.toString());
        assertThat(written.status()).as(written.stderr()).isZero();
        String[] apply = {
            "plan", "apply", plan.toString(), "--approve", written.text().strip()
        };
        List<String> argv = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                folder.resolve("strace").toString(),
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + call + ":signal=KILL:when=" + n));
        argv.addAll(medic.process(apply));
        Path log = folder.resolve("log");
        int status = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (status == 0) {
            return false;
        }
        assertThat(status).as(Files.readString(log)).isEqualTo(137);
        Ran resumed = medic.medic("journal", "resume");
        Ran settled = resumed.status() == 1 ? medic.medic(apply) : resumed;
        assertThat(settled.status()).as(settled.text() + settled.stderr()).isZero();
        return true;
    }

    private static List<Entry> entries(EtcdKeyspace etcd) {
        List<Entry> found = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Entries entries = etcd.scan(KeyRange.prefix(Key.of(folder)), Scan.values())) {
                entries.forEachRemaining(found::add);
            }
        }
        return found;
    }

    /// The accident once more, byte for byte.
    private static void again(EtcdKeyspace etcd, List<Entry> accident) {
        List<Write> writes = new ArrayList<>();
        Set<Key> keys = new TreeSet<>();
        accident.forEach(entry -> {
            keys.add(entry.key());
            writes.add(new Write.Put(entry.key(), entry.value(), LeaseId.NONE));
        });
        entries(etcd).stream()
                .map(Entry::key)
                .filter(key -> !keys.contains(key))
                .forEach(key -> {
                    keys.add(key);
                    writes.add(new Write.Delete(key));
                });
        etcd.commit(new Transaction(List.of(), writes, List.of()), new WritePermit("the test's own accident", keys));
    }

    /// The service network as the API shows it.
    private static SortedSet<String> facts(KubeApi api) {
        SortedSet<String> facts = new TreeSet<>();
        api.list(new ApiCollection("networking.k8s.io", "v1", "servicecidrs", ""))
                .forEach(range -> facts.add("range "
                        + range.text("metadata", "name").orElse("") + " " + range.texts("spec", "cidrs") + " "
                        + range.text("status", "conditions", "type=Ready", "status")
                                .orElse("")));
        api.list(new ApiCollection("networking.k8s.io", "v1", "ipaddresses", ""))
                .forEach(address -> facts.add("address "
                        + address.text("metadata", "name").orElse("") + " of "
                        + address.text("spec", "parentRef", "name").orElse("")));
        api.list(new ApiCollection("", "v1", "services", ""))
                .forEach(service -> facts.add("service "
                        + service.text("metadata", "name").orElse("") + " " + service.texts("spec", "clusterIPs")));
        return facts;
    }
}
