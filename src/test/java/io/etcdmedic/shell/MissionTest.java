package io.etcdmedic.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcdmedic.apiserver.KubeProcess;
import io.etcdmedic.host.OwnUser;
import io.etcdmedic.node.PostNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's session, the whole of a rebuild in place, typed again into a real terminal.
///
/// It takes half a minute: some of its commands run nix. Given a real control plane, a minute more.
class MissionTest {
    private static final String HEADING =
            "The whole of it in one session (`mnt` holds the files of the node, and etcd is the cluster's):";
    private static final Path BROKEN = Path.of("src/main/resources/io/etcdmedic/snapshot/servicecidr-broken.db");
    private static final Pattern ASKED = Pattern.compile("\\(([^()]+)\\) to go on; anything else stops:$");

    @TempDir
    private Path folder;

    @Test
    void inMemory() throws Exception {
        play("demo");
    }

    @Test
    @Tag("long")
    void onARealControlPlane() throws Exception {
        try (KubeProcess kube =
                KubeProcess.over(BROKEN).startApiServer("10.43.0.0/16").startControllerManager()) {
            kube.awaitFinalizer();
            play(
                    "shell",
                    "--endpoints",
                    kube.endpoint(),
                    "--kubeconfig",
                    kube.kubeconfig().toString());
        }
    }

    private void play(String... medic) throws Exception {
        assumeTrue(OwnUser.isRoot(), "SKIPPED: needs root to give files to the users of the services");
        Transcripts session = Transcripts.below(HEADING);
        PostNode.make(folder);
        List<String> commands = session.commands();
        String said;
        try (TmuxScreen screen = TmuxScreen.startIn(folder, folder, 200, 2000, Map.of("PAGER", "cat"), medic)) {
            screen.await("medic [^>]*>\\z");
            for (int i = 0; i < commands.size(); i++) {
                screen.enter(commands.get(i));
                answer(screen, i + 2);
            }
            said = screen.text();
            assertThat(screen.leave()).isZero();
        }
        Path whole = Files.createDirectories(Path.of("target")).resolve("mission-" + medic[0] + ".txt");
        Files.writeString(whole, said + "\n");
        session.assertSaidBy(said.lines().toList(), whole);
    }

    /// Waits for the prompt of that number, and answers what is asked before it.
    private static void answer(TmuxScreen screen, int prompts) throws Exception {
        Pattern done = Pattern.compile("(?s)(?:.*^medic [^>\\n]*>){" + prompts + "}\\z", Pattern.MULTILINE);
        for (int questions = 0; ; ) {
            screen.await("to go on; anything else stops:\\z|^medic [^>\\n]*>\\z");
            String text = screen.text();
            Matcher asked = ASKED.matcher(text);
            if (asked.find()) {
                screen.enter(asked.group(1));
                questions++;
                screen.await("stops: \\S.*\n");
            } else if (done.matcher(text).find()) {
                return;
            }
            assertThat(questions).isLessThan(3);
            Thread.sleep(100);
        }
    }
}
