package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Priorities, pod groups and devices. Source: K8S pkg/printers/internalversion/printers.go.
final class SchedulingTables {
    static final Map<String, KindTable> ALL = Map.ofEntries(
            Map.entry(
                    "priorityclasses.scheduling.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.number("value"),
                                    s.truth("globalDefault"),
                                    s.age(),
                                    s.text("preemptionPolicy")),
                            "Name",
                            "Value",
                            "Global-Default",
                            "Age",
                            "+PreemptionPolicy")),
            Map.entry("workloads.scheduling.k8s.io", KindTable.NAME_AND_AGE),
            Map.entry(
                    "podgroups.scheduling.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.has("spec", "schedulingPolicy", "gang") ? "Gang" : "Basic",
                                    s.has("spec", "podGroupTemplateRef")
                                            ? s.text("spec", "podGroupTemplateRef", "workload", "workloadName")
                                            : Subject.NONE,
                                    podGroup(s),
                                    s.age()),
                            "Name",
                            "Policy",
                            "Workload",
                            "Status",
                            "Age")),
            Map.entry("deviceclasses.resource.k8s.io", KindTable.NAME_AND_AGE),
            Map.entry("resourceclaimtemplates.resource.k8s.io", KindTable.NAME_AND_AGE),
            Map.entry(
                    "resourceclaims.resource.k8s.io",
                    KindTable.of(s -> Subject.row(s.name(), claim(s), s.age()), "Name", "State", "Age")),
            Map.entry(
                    "resourceslices.resource.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.text("spec", "nodeName"),
                                    s.text("spec", "driver"),
                                    s.text("spec", "pool", "name"),
                                    s.age()),
                            "Name",
                            "Node",
                            "Driver",
                            "Pool",
                            "Age")),
            Map.entry("resourcepoolstatusrequests.resource.k8s.io", poolStatus()),
            Map.entry(
                    "devicetaintrules.resource.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.text("spec", "taint", "key"),
                                    s.text("spec", "taint", "value"),
                                    s.text("spec", "taint", "effect"),
                                    s.has("spec", "taint", "timeAdded") ? s.since("spec", "taint", "timeAdded") : "",
                                    s.age()),
                            "Name",
                            "Key",
                            "Value",
                            "Effect",
                            "TimeAdded",
                            "Age")));

    private SchedulingTables() {}

    private static String podGroup(Subject s) {
        Optional<Document> disrupted = s.condition("DisruptionTarget");
        if (disrupted.isPresent()) {
            return disrupted.get().text("reason").orElse("");
        }
        return s.condition("PodGroupScheduled")
                .map(c -> c.text("status").orElse("").equals("True") ? "Scheduled" : "Unschedulable")
                .orElse("Pending");
    }

    private static String claim(Subject s) {
        List<String> states = new ArrayList<>();
        if (s.isDeleted()) {
            states.add("deleted");
        }
        if (s.has("status", "allocation")) {
            states.add("allocated");
            if (!s.list("status", "reservedFor").isEmpty()) {
                states.add("reserved");
            }
        } else if (!s.isDeleted()) {
            states.add("pending");
        }
        return String.join(",", states);
    }

    private static KindTable poolStatus() {
        return KindTable.of(
                SchedulingTables::poolRow,
                "Name",
                "Driver",
                "Total",
                "Available",
                "Allocated",
                "Unavailable",
                "Errors",
                "Pools",
                "Status",
                "Completed");
    }

    private static List<Document> poolRow(Subject s) {
        boolean known = s.has("status") && !s.conditionIsTrue("Failed");
        List<Document> pools = s.list("status", "pools");
        List<Object> cells = new ArrayList<>(List.of(s.name(), s.text("spec", "driver")));
        for (String field : List.of("totalDevices", "availableDevices", "allocatedDevices", "unavailableDevices")) {
            long sum = pools.stream().mapToLong(p -> p.whole(field).orElse(0)).sum();
            cells.add(known ? Long.toString(sum) : "-");
        }
        long errors =
                pools.stream().filter(p -> p.at("validationError").isPresent()).count();
        cells.add(known ? Long.toString(errors) : "-");
        long count = s.number("status", "poolCount");
        cells.add(count);
        Optional<Document> complete = s.condition("Complete").filter(_ -> s.conditionIsTrue("Complete"));
        if (complete.isPresent()) {
            cells.add(count > pools.size() ? "Complete (" + pools.size() + "/" + count + " pools)" : "Complete");
            cells.add(s.since(complete.get(), "lastTransitionTime"));
        } else {
            cells.add(s.conditionIsTrue("Failed") ? "Failed" : "Pending");
            cells.add(Subject.NONE);
        }
        return Subject.row(cells.toArray());
    }
}
