package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Controllers of pods. Source: K8S pkg/printers/internalversion/printers.go.
final class WorkloadTables {
    static final Map<String, KindTable> ALL = Map.ofEntries(
            Map.entry("pods", PodTable.TABLE),
            Map.entry(
                    "podtemplates",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.containers("name", "template", "spec"),
                                    s.containers("image", "template", "spec"),
                                    s.labels("template", "metadata", "labels")),
                            "Name",
                            "Containers",
                            "Images",
                            "Pod Labels")),
            Map.entry("replicationcontrollers", replicas(false)),
            Map.entry("replicasets.apps", replicas(true)),
            Map.entry(
                    "deployments.apps",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.number("status", "readyReplicas") + "/" + s.number("spec", "replicas"),
                                    s.number("status", "updatedReplicas"),
                                    s.number("status", "availableReplicas"),
                                    s.age(),
                                    s.containers("name", "spec", "template", "spec"),
                                    s.containers("image", "spec", "template", "spec"),
                                    LabelRequirements.bare(s.document().at("spec", "selector"))),
                            "Name",
                            "Ready",
                            "Up-to-date",
                            "Available",
                            "Age",
                            "+Containers",
                            "+Images",
                            "+Selector")),
            Map.entry(
                    "statefulsets.apps",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.number("status", "readyReplicas") + "/" + s.number("spec", "replicas"),
                                    s.age(),
                                    s.containers("name", "spec", "template", "spec"),
                                    s.containers("image", "spec", "template", "spec")),
                            "Name",
                            "Ready",
                            "Age",
                            "+Containers",
                            "+Images")),
            Map.entry("daemonsets.apps", daemonSets()),
            Map.entry(
                    "controllerrevisions.apps",
                    KindTable.of(
                            s -> Subject.row(s.name(), controller(s), s.number("revision"), s.age()),
                            "Name",
                            "Controller",
                            "Revision",
                            "Age")),
            Map.entry("jobs.batch", jobs()),
            Map.entry("cronjobs.batch", cronJobs()),
            Map.entry("horizontalpodautoscalers.autoscaling", AutoscalerTable.TABLE),
            Map.entry(
                    "poddisruptionbudgets.policy",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.scalar("spec", "minAvailable").orElse("N/A"),
                                    s.scalar("spec", "maxUnavailable").orElse("N/A"),
                                    s.number("status", "disruptionsAllowed"),
                                    s.age()),
                            "Name",
                            "Min Available",
                            "Max Unavailable",
                            "Allowed Disruptions",
                            "Age")),
            Map.entry("resourcequotas", quotas()));

    private WorkloadTables() {}

    private static KindTable replicas(boolean selectorHasRequirements) {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.number("spec", "replicas"),
                        s.number("status", "replicas"),
                        s.number("status", "readyReplicas"),
                        s.age(),
                        s.containers("name", "spec", "template", "spec"),
                        s.containers("image", "spec", "template", "spec"),
                        selectorHasRequirements
                                ? LabelRequirements.of(s.document().at("spec", "selector"))
                                : s.labels("spec", "selector")),
                "Name",
                "Desired",
                "Current",
                "Ready",
                "Age",
                "+Containers",
                "+Images",
                "+Selector");
    }

    private static KindTable daemonSets() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.number("status", "desiredNumberScheduled"),
                        s.number("status", "currentNumberScheduled"),
                        s.number("status", "numberReady"),
                        s.number("status", "updatedNumberScheduled"),
                        s.number("status", "numberAvailable"),
                        s.labels("spec", "template", "spec", "nodeSelector"),
                        s.age(),
                        s.containers("name", "spec", "template", "spec"),
                        s.containers("image", "spec", "template", "spec"),
                        LabelRequirements.of(s.document().at("spec", "selector"))),
                "Name",
                "Desired",
                "Current",
                "Ready",
                "Up-to-date",
                "Available",
                "Node Selector",
                "Age",
                "+Containers",
                "+Images",
                "+Selector");
    }

    /// `daemonset.apps/web`: who owns the object as its controller.
    private static String controller(Subject s) {
        return s.list("metadata", "ownerReferences").stream()
                .filter(o -> o.truth("controller").orElse(false))
                .findFirst()
                .map(owner -> {
                    String version = owner.text("apiVersion").orElse("");
                    int slash = version.indexOf('/');
                    String kind = owner.text("kind").orElse("") + (slash < 0 ? "" : "." + version.substring(0, slash));
                    return kind.toLowerCase(java.util.Locale.ROOT) + "/"
                            + owner.text("name").orElse("");
                })
                .orElse(Subject.NONE);
    }

    private static KindTable jobs() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        jobStatus(s),
                        completions(s),
                        jobDuration(s),
                        s.age(),
                        s.containers("name", "spec", "template", "spec"),
                        s.containers("image", "spec", "template", "spec"),
                        LabelRequirements.of(s.document().at("spec", "selector"))),
                "Name",
                "Status",
                "Completions",
                "Duration",
                "Age",
                "+Containers",
                "+Images",
                "+Selector");
    }

    private static String jobStatus(Subject s) {
        if (s.conditionIsTrue("Complete")) {
            return "Complete";
        }
        if (s.conditionIsTrue("Failed")) {
            return "Failed";
        }
        if (s.isDeleted()) {
            return "Terminating";
        }
        for (String type : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
            if (s.conditionIsTrue(type)) {
                return type;
            }
        }
        return "Running";
    }

    private static String completions(Subject s) {
        long succeeded = s.number("status", "succeeded");
        if (s.has("spec", "completions")) {
            return succeeded + "/" + s.number("spec", "completions");
        }
        long parallelism = s.number("spec", "parallelism");
        return succeeded + (parallelism > 1 ? "/1 of " + parallelism : "/1");
    }

    private static String jobDuration(Subject s) {
        Optional<Instant> start = s.document().text("status", "startTime").flatMap(Subject::time);
        Optional<Instant> end = s.document().text("status", "completionTime").flatMap(Subject::time);
        return start.map(from -> HumanDuration.of(Duration.between(from, end.orElse(s.now()))))
                .orElse("");
    }

    private static KindTable cronJobs() {
        String[] pod = {"spec", "jobTemplate", "spec", "template", "spec"};
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.text("spec", "schedule"),
                        s.document().text("spec", "timeZone").orElse(Subject.NONE),
                        s.has("spec", "suspend") ? s.truth("spec", "suspend") ? "True" : "False" : Subject.UNSET,
                        s.list("status", "active").size(),
                        s.has("status", "lastScheduleTime") ? s.since("status", "lastScheduleTime") : Subject.NONE,
                        s.age(),
                        s.containers("name", pod),
                        s.containers("image", pod),
                        LabelRequirements.of(s.document().at("spec", "jobTemplate", "spec", "selector"))),
                "Name",
                "Schedule",
                "Timezone",
                "Suspend",
                "Active",
                "Last Schedule",
                "Age",
                "+Containers",
                "+Images",
                "+Selector");
    }

    private static KindTable quotas() {
        return KindTable.of(
                s -> Subject.row(s.name(), quota(s, false), quota(s, true), s.age()),
                "Name",
                "Request",
                "Limit",
                "Age");
    }

    private static String quota(Subject s, boolean limits) {
        StringBuilder text = new StringBuilder();
        Map<String, String> used = s.texts("status", "used");
        new TreeMap<String, Document>(s.document().mapping("status", "hard")).forEach((name, hard) -> {
            if (name.startsWith("limits.") == limits) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(name)
                        .append(": ")
                        .append(used.getOrDefault(name, "0"))
                        .append('/')
                        .append(Subject.scalar(hard).orElse("0"));
            }
        });
        return text.toString();
    }
}
