package io.etcdmedic.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcdmedic.apiserver.ApiCollection;
import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiObject;
import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Flags;
import io.etcdmedic.installation.Part;
import io.etcdmedic.keyspace.WritePermit;
import io.etcdmedic.repair.plan.ApiChange;
import io.etcdmedic.repair.plan.HostChange;
import io.etcdmedic.repair.plan.Plan;
import io.etcdmedic.runbook.servicecidr.ServiceCidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the repair finds out on a live cluster and on its machine, and what it refuses to guess.
class ServiceCidrFindingTest {
    private static final String CERTIFICATE_ARGUMENTS = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
            + " -nodes -subj /CN=kube-apiserver -days 2 -addext subjectAltName=IP:127.0.0.1,IP:10.0.0.1 -keyout";

    @TempDir
    Path root = Path.of("");

    private static Part process(String... more) {
        List<String> argv = new java.util.ArrayList<>(
                List.of("kube-apiserver", "--service-cluster-ip-range=10.43.0.0/16", "--advertise-address=10.99.0.1"));
        argv.addAll(List.of(more));
        return new Part(Component.APISERVER, Part.Origin.PROCESS, "pid 812", argv, Flags.parse(argv), "", "0");
    }

    private static Plan plan(PlayedLab world, Request request, Part... parts) {
        return world.live().plan(request, List.of(parts));
    }

    private static Request target() {
        return Request.target(PlayedLab.TARGET);
    }

    @Test
    void countsAKubeApiServerThatOnlyItsIdentityLeaseNames() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr())
                .with("/registry/leases/kube-system/apiserver-x", """
                        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"apiserver-x",
                         "namespace":"kube-system","labels":{"kubernetes.io/hostname":"ctl2"}},
                         "spec":{"leaseDurationSeconds":3600,"renewTime":"%s"}}""".formatted(Instant.now()))) {
            assertThatThrownBy(() -> plan(world, target(), process()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("kube-apiserver ctl2: range unknown");
            assertThat(plan(world, target().vouching(Set.of("ctl2")), process()).steps())
                    .isNotEmpty();
        }
    }

    @Test
    void wantsARestartFirstWhereTheUnitSaysSomethingElse() {
        List<String> argv = List.of("kube-apiserver", "--service-cluster-ip-range=10.0.0.0/24");
        Part unit = new Part(
                Component.APISERVER,
                Part.Origin.UNIT,
                "/etc/systemd/system/kube-apiserver.service",
                argv,
                Flags.parse(argv),
                "",
                "kubernetes");
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            assertThatThrownBy(() -> plan(world, target(), process(), unit))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("kube-apiserver.service says 10.0.0.0/24");
        }
    }

    /// The kube-apiserver of this machine is down, and its unit says where it was registered and what it will run
    /// with.
    @Test
    void takesTheUnitsWordForOneThatIsDown() {
        String inside = """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"kubernetes","namespace":"default","uid":"k"},
                 "spec":{"clusterIP":"10.43.0.1","clusterIPs":["10.43.0.1"]}}""";
        Request request = Request.of("").accepting(Set.of("window"));
        try (PlayedLab world = new PlayedLab(new ServiceCidr())
                .with("/registry/services/specs/default/kubernetes", inside)
                .withoutApi()) {
            assertThat(plan(world, request, unit("--advertise-address=10.99.0.1"))
                            .steps())
                    .hasSize(1);
            assertThatThrownBy(() -> plan(world, request, unit("--advertise-address=10.99.0.2")))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("kube-apiserver 10.99.0.1: range unknown");
        }
    }

    private static Part unit(String flag) {
        List<String> argv = List.of("kube-apiserver", "--service-cluster-ip-range=10.43.0.0/16", flag);
        return new Part(
                Component.APISERVER,
                Part.Origin.UNIT,
                "/etc/systemd/system/kube-apiserver.service",
                argv,
                Flags.parse(argv),
                "",
                "kubernetes");
    }

    @Test
    void readsAFlagWithHostBitsAsKubeApiServerDoes() {
        List<String> argv = List.of("kube-apiserver", "--service-cluster-ip-range", "10.43.7.9/16");
        Part loose = new Part(Component.APISERVER, Part.Origin.PROCESS, "pid 812", argv, Flags.parse(argv), "", "0");
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            assertThat(plan(world, target(), loose).steps()).isNotEmpty();
        }
    }

    @Test
    void refusesVersionsThatCountAddressesApart() {
        List<String> argv = process().argv();
        Part old = new Part(
                Component.APISERVER,
                Part.Origin.PROCESS,
                "pid 812",
                argv,
                Flags.parse(argv),
                "rancher/hyperkube:v1.32.9-rancher1",
                "0");
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            assertThatThrownBy(() -> plan(world, target(), old))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("pid 812 is 1.32 and the API")
                    .hasMessageContaining("is 1.36");
        }
    }

    @Test
    void saysThatARestartIsNeededBeforeOneDotThirtyFour() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).saying("v1.33.4", "v1")) {
            assertThat(plan(world, target(), process()).thenDo())
                    .anyMatch(task -> task.startsWith("restart the kube-apiservers now"));
        }
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            assertThat(plan(world, target(), process()).thenDo())
                    .anyMatch(task -> task.startsWith("restart the kube-apiservers one by one when it is quiet"));
        }
    }

    @Test
    void speaksTheVersionThatIsServed() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).saying("v1.32.9", "v1beta1")) {
            Plan plan = plan(world, target(), process());
            assertThat(plan.steps().stream()
                            .filter(ApiChange.class::isInstance)
                            .map(step -> ((ApiChange) step).name())
                            .filter(name -> name.group().equals("networking.k8s.io")))
                    .isNotEmpty()
                    .allMatch(name -> name.version().equals("v1beta1"));
            assertThat(plan.values().values().stream().map(Bytes::toUtf8))
                    .anyMatch(json -> json.contains("\"apiVersion\":\"networking.k8s.io/v1beta1\""));
        }
    }

    @Test
    void readsTheCertificatesFileWhereNoApiAnswers() throws IOException, InterruptedException {
        Path pem = root.resolve("apiserver.pem");
        List<String> argv = new java.util.ArrayList<>(List.of("openssl"));
        argv.addAll(List.of(CERTIFICATE_ARGUMENTS.split(" ")));
        argv.addAll(List.of(root.resolve("key.pem").toString(), "-out", pem.toString()));
        assertThat(new ProcessBuilder(argv).redirectErrorStream(true).start().waitFor())
                .isZero();
        assertThat(Files.exists(pem)).isTrue();
        try (PlayedLab world = new PlayedLab(new ServiceCidr())
                .without("/registry/services/specs/default/kubernetes")
                .withoutApi()) {
            RepairLab lab = world.live();
            lab.machine = LiveMachine.at(root);
            Request request = target().accepting(Set.of("window"));
            assertThatThrownBy(() -> lab.plan(request, List.of(process("--tls-cert-file=/apiserver.pem"))))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("(/apiserver.pem) does not name 10.43.0.1");
        }
    }

    @Test
    void asksForTheApiWhereItIsNeeded() {
        try (PlayedLab world = new PlayedLab(new ServiceCidr()).withoutApi()) {
            assertThatThrownBy(() -> plan(world, target(), process()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("Service kubernetes has to be made again through it");
        }
        String inside = """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"kubernetes","namespace":"default","uid":"k"},
                 "spec":{"clusterIP":"10.43.0.1","clusterIPs":["10.43.0.1"]}}""";
        try (PlayedLab world = new PlayedLab(new ServiceCidr())
                .with("/registry/services/specs/default/kubernetes", inside)
                .withoutApi()) {
            assertThatThrownBy(() -> plan(world, target(), process()))
                    .isInstanceOf(Failure.Refused.class)
                    .hasMessageContaining("could be given to others");
            assertThat(plan(world, target().accepting(Set.of("window")), process())
                            .steps())
                    .hasSize(1);
        }
    }

    @Test
    void restartsTheKubeApiServerWhereTheOperatorAsksForIt() {
        List<String> argv = List.of("/usr/bin/systemctl", "restart", "kube-apiserver.service");
        Request request = new Request("", PlayedLab.TARGET, Set.of(), Set.of(), argv);
        try (PlayedLab world = new PlayedLab(new ServiceCidr())) {
            Plan plan = plan(world, request, process());
            assertThat(plan.steps().getLast()).isInstanceOfSatisfying(HostChange.Command.class, command -> {
                assertThat(command.argv()).isEqualTo(argv);
                assertThat(command.frame().waits()).isPresent();
            });
            assertThat(plan.thenDo()).noneMatch(task -> task.startsWith("restart"));
        }
    }

    /// An API that says of itself what a test wants.
    record Saying(ApiReading inside, String version, String served) implements ApiReading {
        @Override
        public Optional<String> servedVersion(String group, String resource) {
            return Optional.of(served);
        }

        @Override
        public List<Document> list(ApiCollection collection) {
            return inside.list(collection);
        }

        @Override
        public List<String> certificateNames() {
            return inside.certificateNames();
        }

        @Override
        public String address() {
            return inside.address();
        }

        @Override
        public Optional<String> silence() {
            return inside.silence();
        }

        @Override
        public boolean ready() {
            return inside.ready();
        }

        @Override
        public Optional<ApiObject> get(ApiName name) {
            return inside.get(name);
        }

        @Override
        public Created create(ApiName name, Bytes json, WritePermit permit) {
            return inside.create(name, json, permit);
        }

        @Override
        public Optional<Deleted> delete(ApiName name, Same same, WritePermit permit) {
            return inside.delete(name, same, permit);
        }

        @Override
        public ApiObject patch(ApiName name, Same same, PatchType type, Bytes patch, WritePermit permit) {
            return inside.patch(name, same, type, patch, permit);
        }
    }
}
