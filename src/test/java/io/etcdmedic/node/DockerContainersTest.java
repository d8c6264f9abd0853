package io.etcdmedic.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.host.LiveMachine;
import io.etcdmedic.installation.Component;
import io.etcdmedic.installation.Part;
import io.etcdmedic.node.facts.AnswerFromFile;
import io.etcdmedic.node.facts.Container;
import io.etcdmedic.node.facts.DockerContainers;
import io.etcdmedic.node.facts.NodeFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerContainersTest {
    private static final String APISERVER = """
            {"Id": "c1", "Name": "/kube-apiserver", "Path": "/opt/rke-tools/entrypoint.sh",
             "Args": ["kube-apiserver", "--service-cluster-ip-range=10.43.0.0/16", "--service-account-issuer=rke"],
             "Config": {"Image": "rancher/hyperkube:v1.26.8-rancher1", "Hostname": "srv5", "Env": ["A=b=c", "PATH=/bin"]},
             "HostConfig": {"Binds": ["/etc/kubernetes:/etc/kubernetes:z"], "RestartPolicy": {"Name": "always"}},
             "State": {"Running": true}}""";
    private static final String ETCD = """
            {"Name": "/etcd", "Path": "/usr/local/bin/etcd", "Args": ["--name=etcd-srv5", "--data-dir=/var/lib/rancher/etcd/"],
             "Config": {"Image": "rancher/mirrored-coreos-etcd:v3.5.6"}, "State": {"Running": false}}""";

    @TempDir
    Path root = Path.of("");

    @Test
    void dockersAnswerGivesThePartsWithTheirFlags() throws IOException {
        Path answer = Files.writeString(root.resolve("answer"), "[" + APISERVER + "," + ETCD + "]");

        NodeFacts facts = NodeFacts.of(AnswerFromFile.of(LiveMachine.at(root), DockerContainers.question(), answer));

        assertThat(facts.docker().from()).isEqualTo("docker inspect");
        assertThat(facts.serviceRange()).hasValue("10.43.0.0/16");
        Part apiserver = facts.old(Component.APISERVER).orElseThrow();
        assertThat(apiserver.version()).hasValue("1.26.8");
        assertThat(apiserver.flags().get("service-account-issuer")).hasValue("rke");
        assertThat(facts.flags(Component.ETCD).get("name")).hasValue("etcd-srv5");
        Container container = facts.docker().found().getFirst();
        assertThat(container.restart()).isEqualTo("always");
        assertThat(container.running()).isTrue();
        assertThat(container.environment()).containsEntry("A", "b=c");
        assertThat(container.binds()).containsExactly("/etc/kubernetes:/etc/kubernetes:z");
    }

    @Test
    void aMountedDiskTellsThemFromDockersOwnFiles() throws IOException {
        file("var/lib/docker/containers/c1/config.v2.json", APISERVER);
        file("var/lib/docker/containers/c1/hostconfig.json", "{\"RestartPolicy\": {\"Name\": \"no\"}}");
        file("var/lib/docker/containers/c2/config.v2.json", "{\"Name\": \"/somebody-elses\"}");
        file("var/lib/docker/containers/c3/config.v2.json", "{ cut");

        DockerContainers docker = NodeFacts.of(LiveMachine.at(root)).docker();

        assertThat(docker.from()).isEqualTo("/var/lib/docker/containers");
        assertThat(docker.found()).singleElement().satisfies(c -> {
            assertThat(c.name()).isEqualTo("kube-apiserver");
            assertThat(c.restart()).isEqualTo("no");
        });
    }

    @Test
    void anAnswerThatIsNoJsonIsSaidToBe() throws IOException {
        Path answer = Files.writeString(root.resolve("answer"), "[{\"Name\": ");

        DockerContainers docker = NodeFacts.of(
                        AnswerFromFile.of(LiveMachine.at(root), DockerContainers.question(), answer))
                .docker();

        assertThat(docker.found()).isEmpty();
        assertThat(docker.trouble()).startsWith("docker inspect: reading JSON");
    }

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
