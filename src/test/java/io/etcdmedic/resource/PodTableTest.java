package io.etcdmedic.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A pod's READY, STATUS and RESTARTS. Source of the cases: K8S pkg/printers/internalversion/printers_test.go.
class PodTableTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "two containers, one ready"
                        + "| {containers: [{name: a}, {name: b}]}"
                        + "| {phase: podPhase, containerStatuses: [{ready: true, restartCount: 6, state: {running: {}}},"
                        + " {restartCount: 3}]}"
                        + "| 1/2, podPhase, 9",
                "waiting"
                        + "| {containers: [{name: a}, {name: b}]}"
                        + "| {phase: podPhase, containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}},"
                        + " restartCount: 3, lastState: {terminated: {finishedAt: '2026-03-01T11:55:00Z'}}},"
                        + " {ready: true, restartCount: 3, state: {running: {}}}]}"
                        + "| 1/2, CrashLoopBackOff, 6 (5m ago)",
                "terminated without a reason"
                        + "| {containers: [{name: a}]}"
                        + "| {phase: Running, containerStatuses: [{state: {terminated: {signal: 9}}}]}"
                        + "| 0/1, Signal:9, 0",
                "an exit code"
                        + "| {containers: [{name: a}]}"
                        + "| {phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 3}}}]}"
                        + "| 0/1, ExitCode:3, 0",
                "completed beside a running container that is ready"
                        + "| {containers: [{name: a}, {name: b}]}"
                        + "| {phase: Running, conditions: [{type: Ready, status: 'True'}], containerStatuses: ["
                        + "{state: {terminated: {reason: Completed}}}, {ready: true, state: {running: {}}}]}"
                        + "| 1/2, Running, 0",
                "completed, and not ready"
                        + "| {containers: [{name: a}, {name: b}]}"
                        + "| {phase: Running, containerStatuses: ["
                        + "{state: {terminated: {reason: Completed}}}, {ready: true, state: {running: {}}}]}"
                        + "| 1/2, NotReady, 0",
                "completed, and another failed"
                        + "| {containers: [{name: a}, {name: b}]}"
                        + "| {phase: Failed, containerStatuses: [{state: {terminated: {reason: Completed}}},"
                        + " {state: {terminated: {reason: Error, exitCode: 1}}}]}"
                        + "| 0/2, Error, 0",
                "the second init container waits"
                        + "| {initContainers: [{name: i}, {name: j}], containers: [{name: a}]}"
                        + "| {phase: Pending, initContainerStatuses: [{name: i, restartCount: 2,"
                        + " state: {terminated: {}}}, {name: j, state: {waiting: {reason: PodInitializing}}}]}"
                        + "| 0/1, Init:1/2, 2",
                "an init container that cannot start"
                        + "| {initContainers: [{name: i}], containers: [{name: a}]}"
                        + "| {phase: Pending, initContainerStatuses: [{name: i,"
                        + " state: {waiting: {reason: ImagePullBackOff}}}]}"
                        + "| 0/1, Init:ImagePullBackOff, 0",
                "an init container that failed"
                        + "| {initContainers: [{name: i}], containers: [{name: a}]}"
                        + "| {phase: Pending, initContainerStatuses: [{name: i, restartCount: 3,"
                        + " state: {terminated: {exitCode: 7}}}]}"
                        + "| 0/1, Init:ExitCode:7, 3",
                "a sidecar counts, and its restarts too"
                        + "| {initContainers: [{name: s, restartPolicy: Always}], containers: [{name: a}]}"
                        + "| {phase: Running, initContainerStatuses: [{name: s, ready: true, started: true,"
                        + " restartCount: 1, state: {running: {}}}],"
                        + " containerStatuses: [{ready: true, restartCount: 2, state: {running: {}}}]}"
                        + "| 2/2, Running, 3",
                "a reason of its own"
                        + "| {containers: [{name: a}]}"
                        + "| {phase: Failed, reason: Evicted}"
                        + "| 0/1, Evicted, 0",
                "gated"
                        + "| {containers: [{name: a}]}"
                        + "| {phase: Pending, conditions: [{type: PodScheduled, reason: SchedulingGated}]}"
                        + "| 0/1, SchedulingGated, 0",
            })
    void isSaidInAWord(String what, String spec, String status, String expected) {
        assertThat(row("{}", spec, status)).as(what).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{phase: Running}| 0/1, Terminating, 0",
                "{phase: Succeeded}| 0/1, Succeeded, 0",
                "{phase: Running, reason: NodeLost}| 0/1, Unknown, 0"
            })
    void deletionIsSaid(String status, String expected) {
        assertThat(row("{deletionTimestamp: '2026-03-01T11:00:00Z'}", "{containers: [{name: a}]}", status))
                .isEqualTo(expected);
    }

    private static String row(String metadata, String spec, String status) {
        Document pod = io.etcdmedic.document.YamlReader.read(
                io.etcdmedic.bytes.Bytes.utf8(
                        "{metadata: " + metadata + ", spec: " + spec + ", status: " + status + "}"),
                "pod");
        List<Document> row = PodTable.TABLE.row(new Subject(pod, NOW, false));
        return String.join(
                ", ", row.subList(1, 4).stream().map(PodTableTest::text).toList());
    }

    private static String text(Document cell) {
        return cell instanceof Document.Text text ? text.text() : Json.compact(cell);
    }
}
