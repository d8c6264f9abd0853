package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.failure.Failure;
import io.etcdmedic.finding.Finding;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.node.cluster.ClusterFacts;
import io.etcdmedic.node.cluster.Member;
import io.etcdmedic.node.cluster.NodeObject;
import io.etcdmedic.node.facts.FactsRecorder;
import io.etcdmedic.node.facts.NodeFacts;
import io.etcdmedic.node.facts.SavedFacts;
import io.etcdmedic.node.journey.Preflight;
import io.etcdmedic.node.journey.Readiness;
import io.etcdmedic.node.journey.Rebuild;
import io.etcdmedic.node.journey.RebuildState;
import io.etcdmedic.node.journey.RebuildView;
import io.etcdmedic.node.journey.Stage;
import io.etcdmedic.node.journey.TakeoverCheck;
import io.etcdmedic.node.journey.Workloads;
import io.etcdmedic.node.nix.ModuleWriter;
import io.etcdmedic.node.nix.NixCheck;
import io.etcdmedic.node.nix.NixFiles;
import io.etcdmedic.node.nix.Planned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `node preflight` and `node rebuild` over a whole journey.
class RebuildTest {
    private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");

    @TempDir
    Path dir = Path.of("");

    @Test
    void theJourneyIsResumedStageByStageAndNoneIsRepeated() throws IOException {
        RkeTree tree = RkeContainers.standard()
                .running("always")
                .in(RkeTree.make(dir.resolve("root")).right());
        NodeFacts before = tree.facts();
        Planned module = module(before);
        RebuildState state = RebuildState.open(dir.resolve("state"));
        RebuildView view = view(before, before, Optional.empty(), Optional.empty());

        assertThat(next(view, state)).isEqualTo(Stage.VERSIONS);
        view = with(view, Optional.of(module));
        assertThat(next(view, state)).isEqualTo(Stage.SNAPSHOT);
        view = saved(view, Path.of("src/test/resources/fixtures/kubernetes-1.36/snapshot.db"));
        assertThat(next(view, state)).isEqualTo(Stage.KEYS);
        view = archived(view, copied());
        Stage afterArchive = next(view, state);
        assertThat(afterArchive).isIn(Stage.CERTIFICATES, Stage.MEMBER_DATA);

        // What was reached is not asked again: the snapshot is gone by now, and nobody minds.
        RebuildState resumed = RebuildState.open(dir.resolve("state"));
        assertThat(resumed.done(Stage.SNAPSHOT)).isPresent();
        List<Rebuild.Line> lines = Rebuild.advance(saved(view, dir.resolve("gone.db")), resumed);
        assertThat(lines.get(2).state()).isEqualTo(Rebuild.State.DONE);
        assertThat(lines.get(2).evidence()).contains("verified, revision");
        assertThat(lines).allSatisfy(l -> assertThat(l.back()).isNotEmpty());
    }

    @Test
    void anEmptyDataFolderWithTheStateNewIsRefused() throws IOException {
        RkeTree tree =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root")).right());
        NodeFacts facts = tree.facts();
        String text = ModuleWriter.write(facts, Optional.empty()).replace("\"existing\"", "\"new\"");
        RebuildState state = upTo(Stage.MEMBER_DATA);

        Rebuild.Line refused =
                line(view(facts, facts, Optional.of(plan(text)), Optional.empty()), state, Stage.MEMBER_DATA);
        assertThat(refused.state()).isEqualTo(Rebuild.State.NEXT);
        assertThat(refused.evidence())
                .startsWith("refused: /var/lib/etcd holds no member")
                .contains("second, empty cluster");

        tree.file("var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal", "x");
        tree.file("var/lib/etcd/member/snap/db", "x");
        NodeFacts with = tree.facts();
        assertThat(line(view(with, with, Optional.of(plan(text)), Optional.empty()), state, Stage.MEMBER_DATA)
                        .state())
                .isEqualTo(Rebuild.State.REACHED);
    }

    @Test
    void containersThatComeBackAreNotStopped() throws IOException {
        NodeFacts running = RkeContainers.standard()
                .running("always")
                .in(RkeTree.make(dir.resolve("running")))
                .facts();
        NodeFacts stopped = RkeContainers.standard()
                .in(RkeTree.make(dir.resolve("stopped")))
                .facts();

        Rebuild.Line alive = line(
                view(running, running, Optional.empty(), Optional.of(drained())), upTo(Stage.STOPPED), Stage.STOPPED);
        assertThat(alive.evidence()).contains("come back with Docker: ").contains("kubelet");
        assertThat(alive.todo()).contains("docker update --restart=no");
        assertThat(TakeoverCheck.of(running, Optional.empty()).getFirst().check())
                .isEqualTo("takeover/containers");
        Files.delete(dir.resolve("state/rebuild.tsv"));
        assertThat(line(
                                view(stopped, stopped, Optional.empty(), Optional.of(drained())),
                                upTo(Stage.STOPPED),
                                Stage.STOPPED)
                        .state())
                .isEqualTo(Rebuild.State.REACHED);
    }

    /// Between two runs a container came back, the data went, the Node was uncordoned, the module was changed.
    @Test
    void whatNoLongerHoldsIsSaidBeforeTheSwitchIsAskedFor() throws IOException {
        RkeTree tree = RkeContainers.standard()
                .in(RkeTree.make(dir.resolve("root")))
                .file("var/lib/etcd/member/wal/0.wal", "x")
                .file("var/lib/etcd/member/snap/db", "x");
        NodeFacts facts = tree.facts();
        RebuildView good = view(facts, facts, Optional.empty(), Optional.of(drained()));
        assertThat(line(good, upTo(Stage.SWITCHED), Stage.SWITCHED).todo()).startsWith("nixos-rebuild switch");

        NodeFacts running = RkeContainers.standard().running("always").in(tree).facts();
        assertThat(line(
                                view(facts, running, Optional.empty(), Optional.of(drained())),
                                upTo(Stage.SWITCHED),
                                Stage.SWITCHED)
                        .evidence())
                .startsWith("the stage RKE1 stopped no longer holds: they run");
        assertThat(line(
                                view(facts, facts, Optional.empty(), Optional.of(after("3.5.32"))),
                                upTo(Stage.SWITCHED),
                                Stage.SWITCHED)
                        .todo())
                .startsWith("kubectl drain srv5");
        assertThat(line(
                                with(good, Optional.of(plan("{ services.kubernetes.apiserver.enable = true; }"))),
                                upTo(Stage.SWITCHED),
                                Stage.SWITCHED)
                        .evidence())
                .contains("no longer holds");
        RkeContainers.standard().in(tree);
        Files.delete(tree.root().resolve("var/lib/etcd/member/snap/db"));
        assertThat(line(
                                view(facts, tree.facts(), Optional.empty(), Optional.of(drained())),
                                upTo(Stage.SWITCHED),
                                Stage.SWITCHED)
                        .evidence())
                .contains("member data no longer holds");
    }

    @Test
    void afterTheSwitchEtcdSaysWhatCameBack() throws IOException {
        RkeTree tree = RkeContainers.standard().in(RkeTree.make(dir.resolve("root")));
        NodeFacts facts = tree.facts();

        assertThat(line(view(facts, facts, Optional.empty(), Optional.of(after(""))), upTo(Stage.MEMBER), Stage.MEMBER)
                        .evidence())
                .isEqualTo("etcd-srv5 does not answer");
        RebuildState state = RebuildState.open(dir.resolve("state"));
        List<Rebuild.Line> lines =
                Rebuild.advance(view(facts, facts, Optional.empty(), Optional.of(after("3.5.32"))), state);
        assertThat(state.done(Stage.APISERVER)).isPresent();
        Rebuild.Line cidr = lines.get(Stage.SERVICE_CIDR.ordinal());
        assertThat(cidr.state()).isEqualTo(Rebuild.State.NEXT);
        assertThat(cidr.evidence()).isEqualTo("it says 10.0.0.0/24, the flags say 10.43.0.0/16");
        assertThat(cidr.todo()).isEqualTo("medic fix servicecidr --cidr 10.43.0.0/16");
    }

    @Test
    void aSecondEmptyClusterIsNotTakenForTheFirst() throws IOException {
        NodeFacts facts =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root"))).facts();
        Member alone = after("3.5.32").members().getFirst();

        Rebuild.Line founded = line(
                view(facts, facts, Optional.empty(), Optional.of(facts(List.of(alone), List.of()))),
                upTo(Stage.MEMBER),
                Stage.MEMBER);
        assertThat(founded.state()).isEqualTo(Rebuild.State.NEXT);
        assertThat(founded.evidence()).contains("holds no Node: it is a second, empty cluster, begun in /var/lib/etcd");
        Rebuild.Line parted = line(
                view(
                        facts,
                        facts,
                        Optional.empty(),
                        Optional.of(facts(List.of(alone), List.of(NixCheckTest.node("srv5", "51.81.64.31"))))),
                upTo(Stage.MEMBER),
                Stage.MEMBER);
        assertThat(parted.evidence()).contains("the member list has 1 members, and lacks https://51.81.64.32:2380");
    }

    @Test
    void aLeaseIsNoReadiness() throws IOException {
        NodeFacts facts =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root"))).facts();
        RebuildView v = view(facts, facts, Optional.empty(), Optional.of(after("3.5.32")));

        for (Readiness readiness : List.of(
                new Readiness(true, false, "https://127.0.0.1:6443/readyz does not say ok"),
                Readiness.unasked("no kubeconfig is named"))) {
            Rebuild.Line line = line(
                    new RebuildView(
                            v.before(),
                            v.now(),
                            v.module(),
                            v.cluster(),
                            v.workloads(),
                            v.live(),
                            v.snapshot(),
                            v.archive(),
                            () -> readiness,
                            v.time()),
                    upTo(Stage.APISERVER),
                    Stage.APISERVER);
            assertThat(line.state()).isEqualTo(Rebuild.State.NEXT);
            assertThat(line.evidence()).isEqualTo(readiness.words());
            assertThat(line.todo()).contains(readiness.asked() ? "journalctl -u kube-apiserver" : "--kubeconfig FILE");
        }
    }

    @Test
    void theWayBackIsNamedWhileThereIsOne() throws IOException {
        NodeFacts facts = RkeContainers.standard()
                .image("etcd", "rancher/mirrored-coreos-etcd:v3.4.15")
                .in(RkeTree.make(dir.resolve("root")))
                .facts();

        List<Rebuild.Line> lines =
                Rebuild.advance(view(facts, facts, Optional.empty(), Optional.of(after("3.5.32"))), upTo(Stage.MEMBER));

        assertThat(lines.get(Stage.DRAINED.ordinal()).back()).isEqualTo("kubectl uncordon");
        assertThat(lines.get(Stage.MEMBER.ordinal()).back())
                .isEqualTo(
                        "not to RKE1 any more: etcd 3.5.32 has this data now, which RKE1's 3.4.15 does not open; only by"
                                + " restoring the snapshot on every member");
        List<Rebuild.Line> same =
                Rebuild.advance(view(facts, facts, Optional.empty(), Optional.of(after("3.4.27"))), upTo(Stage.MEMBER));
        assertThat(same.get(Stage.MEMBER.ordinal()).back()).startsWith("boot the old system");
    }

    @Test
    void whatOneNodeReachedDoesNotCountForAnother() throws IOException {
        Path folder = dir.resolve("rebuild");
        RebuildState first = RebuildState.of(folder, Set.of("51.81.64.31", "srv5"));
        first.reached(Stage.INVENTORY, NOW, "x");
        RkeTree tree =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root")).file("etc/hostname", "srv5\n"));
        FactsRecorder recorder = new FactsRecorder(LiveMachine.at(tree.root()));
        NodeChecks.findings(NodeFacts.of(recorder), NOW);
        recorder.save(first.facts(), NOW);

        assertThat(RebuildState.of(folder, Set.of("srv5")).done(Stage.INVENTORY))
                .as("between the systems only the host's name is left")
                .isPresent();
        assertThat(RebuildState.of(folder, Set.of("srv6")).done(Stage.INVENTORY))
                .isEmpty();
        assertThat(RebuildState.of(folder, Set.of()).done(Stage.INVENTORY)).isPresent();
        RebuildState.of(folder, Set.of("../../srv6")).reached(Stage.INVENTORY, NOW, "x");
        assertThat(folder)
                .as("a hostile name leaves no folder elsewhere")
                .isDirectoryRecursivelyContaining("glob:**srv6");
        assertThatThrownBy(() -> RebuildState.of(folder, Set.of()))
                .isInstanceOf(Failure.Usage.class)
                .hasMessageContaining("2 rebuilds are under way");
    }

    @Test
    void theKeptFactsAreTheMeasureWhenTheContainersAreGone() throws IOException {
        RkeTree tree =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root")).right());
        FactsRecorder recorder = new FactsRecorder(LiveMachine.at(tree.root()));
        NodeChecks.findings(NodeFacts.of(recorder), NOW);
        recorder.save(dir.resolve("facts"), NOW);
        NodeFacts before = NodeFacts.of(SavedFacts.open(dir.resolve("facts")));

        String module = ModuleWriter.write(before, Optional.empty());

        assertThat(NixCheck.of(plan(module), before, Optional.empty())).noneMatch(Finding::breaks);
        assertThat(NixCheck.of(
                        plan(module.replace("kube-apiserver-proxy-client.pem", "nobody.pem")),
                        before,
                        Optional.empty()))
                .anyMatch(f ->
                        f.check().equals("nix/missing-file") && f.evidence().contains("nobody.pem"));
        RebuildView view = view(before, tree.facts(), Optional.empty(), Optional.empty());
        assertThat(line(archived(view, copied()), upTo(Stage.ARCHIVE), Stage.ARCHIVE)
                        .evidence())
                .endsWith("as they are on the node");
    }

    @Test
    void aBrokenNoteIsNotGuessed() throws IOException {
        Files.createDirectories(dir.resolve("state"));
        Files.writeString(dir.resolve("state/rebuild.tsv"), "INVENTORY\tyesterday\tx\n");

        assertThatThrownBy(() -> RebuildState.open(dir.resolve("state")))
                .isInstanceOf(Failure.Corrupt.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void preflightSaysInOneSentenceWhatAnUnsetServiceRangeWouldDo() throws IOException {
        NodeFacts facts =
                RkeContainers.standard().in(RkeTree.make(dir.resolve("root"))).facts();
        Planned planned =
                plan(ModuleWriter.write(facts, Optional.empty()).replaceAll("serviceClusterIpRange = .*", ""));

        Map<String, List<Finding>> areas =
                Preflight.of(facts, Optional.of(planned), Optional.of(NixCheckTest.cluster()), List.of(), NOW);

        assertThat(areas.keySet()).contains("takeover", "module", "versions", "certs");
        assertThat(areas.getOrDefault("module", List.of()))
                .filteredOn(f -> f.check().equals("nix/service-range"))
                .singleElement()
                .satisfies(f -> assertThat(f.consequence())
                        .contains(
                                "would make 10.0.0.0/24 the cluster's service range", "every Service in 10.43.0.0/16"));
        assertThat(areas.values().stream().flatMap(List::stream)).anyMatch(Finding::breaks);
    }

    private Planned module(NodeFacts facts) throws IOException {
        return plan(ModuleWriter.write(facts, Optional.empty()));
    }

    private Planned plan(String module) throws IOException {
        Path file = Files.writeString(dir.resolve("module.nix"), module);
        return NixCheck.read(new NixCheck.Subject(NixFiles.at(file), "", "srv5", true));
    }

    private static Stage next(RebuildView view, RebuildState state) {
        return Rebuild.advance(view, state).stream()
                .filter(l -> l.state() == Rebuild.State.NEXT)
                .findFirst()
                .orElseThrow()
                .stage();
    }

    private static Rebuild.Line line(RebuildView view, RebuildState state, Stage stage) {
        return Rebuild.advance(view, state).get(stage.ordinal());
    }

    /// Everything before `stage` is done.
    private RebuildState upTo(Stage stage) {
        RebuildState state = RebuildState.open(dir.resolve("state"));
        for (Stage earlier : Stage.values()) {
            if (earlier.ordinal() < stage.ordinal()) {
                state.reached(earlier, NOW, "a test");
            }
        }
        return state;
    }

    private static RebuildView view(
            NodeFacts before, NodeFacts now, Optional<Planned> module, Optional<ClusterFacts> cluster) {
        return new RebuildView(
                before,
                now,
                module,
                cluster,
                Optional.of(new Workloads(0, 0, 2, List.of("51.81.64.31"))),
                cluster.isPresent(),
                Optional.empty(),
                Optional.empty(),
                () -> new Readiness(true, true, "https://127.0.0.1:6443/readyz says ok, v1.34.2"),
                NOW);
    }

    private static RebuildView with(RebuildView v, Optional<Planned> module) {
        return new RebuildView(
                v.before(),
                v.now(),
                module,
                v.cluster(),
                v.workloads(),
                v.live(),
                v.snapshot(),
                v.archive(),
                v.api(),
                v.time());
    }

    /// A copy of the snapshot that was saved an hour ago.
    private RebuildView saved(RebuildView v, Path snapshot) throws IOException {
        Path copy = dir.resolve("saved.db");
        if (Files.exists(snapshot)) {
            Files.copy(snapshot, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(copy, FileTime.from(NOW.minusSeconds(3600)));
        }
        return new RebuildView(
                v.before(),
                v.now(),
                v.module(),
                v.cluster(),
                v.workloads(),
                v.live(),
                Optional.of(copy),
                v.archive(),
                v.api(),
                v.time());
    }

    private static RebuildView archived(RebuildView v, Path archive) {
        return new RebuildView(
                v.before(),
                v.now(),
                v.module(),
                v.cluster(),
                v.workloads(),
                v.live(),
                v.snapshot(),
                Optional.of(archive),
                v.api(),
                v.time());
    }

    private Path copied() throws IOException {
        Path from = dir.resolve("root/etc/kubernetes");
        Path to = dir.resolve("archive/etc/kubernetes");
        try (var walk = Files.walk(from)) {
            for (Path file : walk.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return dir.resolve("archive");
    }

    private static ClusterFacts drained() {
        NodeObject node = NixCheckTest.node("srv5", "51.81.64.31");
        return facts(
                List.of(),
                List.of(new NodeObject(
                        node.name(),
                        node.labels(),
                        node.addresses(),
                        node.podRanges(),
                        node.taints(),
                        true,
                        node.ready(),
                        node.kubeletVersion(),
                        node.proxyVersion(),
                        node.runtime(),
                        node.system())));
    }

    private static ClusterFacts after(String etcdVersion) {
        Member own = new Member(
                "etcd-srv5",
                List.of("https://51.81.64.31:2380"),
                List.of("https://51.81.64.31:2379"),
                false,
                etcdVersion);
        List<Member> members = new ArrayList<>(NixCheckTest.cluster().members());
        members.set(0, own);
        return facts(members, List.of(NixCheckTest.node("srv5", "51.81.64.31")));
    }

    private static ClusterFacts facts(List<Member> members, List<NodeObject> nodes) {
        return new ClusterFacts(
                "etcd of a test",
                "/registry",
                members,
                nodes,
                List.of(),
                Optional.of(List.of("10.0.0.0/24")),
                List.of(),
                List.of(),
                List.of(),
                0,
                0,
                List.of());
    }
}
