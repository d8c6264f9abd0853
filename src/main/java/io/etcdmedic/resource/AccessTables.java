package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Who may do what: roles, accounts, certificates, admission, and the queues of the API.
///
/// Source: K8S pkg/printers/internalversion/printers.go.
final class AccessTables {
    static final Map<String, KindTable> ALL = Map.ofEntries(
            Map.entry(
                    "secrets",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.text("type"),
                                    s.document().mapping("data").size(),
                                    s.age()),
                            "Name",
                            "Type",
                            "Data",
                            "Age")),
            Map.entry("serviceaccounts", KindTable.NAME_AND_AGE),
            Map.entry("roles.rbac.authorization.k8s.io", ClusterTables.createdAt()),
            Map.entry("clusterroles.rbac.authorization.k8s.io", ClusterTables.createdAt()),
            Map.entry("rolebindings.rbac.authorization.k8s.io", bindings()),
            Map.entry("clusterrolebindings.rbac.authorization.k8s.io", bindings()),
            Map.entry("certificatesigningrequests.certificates.k8s.io", signingRequests()),
            Map.entry(
                    "clustertrustbundles.certificates.k8s.io",
                    KindTable.of(
                            s -> Subject.row(s.name(), s.text(s.document().text("spec", "signerName"), Subject.NONE)),
                            "Name",
                            "SignerName")),
            Map.entry("podcertificaterequests.certificates.k8s.io", podCertificates()),
            Map.entry("mutatingwebhookconfigurations.admissionregistration.k8s.io", counted("Webhooks", "webhooks")),
            Map.entry("validatingwebhookconfigurations.admissionregistration.k8s.io", counted("Webhooks", "webhooks")),
            Map.entry("validatingadmissionpolicies.admissionregistration.k8s.io", policies("Validations")),
            Map.entry("mutatingadmissionpolicies.admissionregistration.k8s.io", policies("Mutations")),
            Map.entry("validatingadmissionpolicybindings.admissionregistration.k8s.io", policyBindings()),
            Map.entry("mutatingadmissionpolicybindings.admissionregistration.k8s.io", policyBindings()),
            Map.entry("flowschemas.flowcontrol.apiserver.k8s.io", flowSchemas()),
            Map.entry("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io", priorityLevels()));

    private AccessTables() {}

    private static KindTable counted(String heading, String list) {
        return KindTable.of(s -> Subject.row(s.name(), s.list(list).size(), s.age()), "Name", heading, "Age");
    }

    private static KindTable bindings() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.text("roleRef", "kind") + "/" + s.text("roleRef", "name"),
                        s.age(),
                        subjects(s, "User"),
                        subjects(s, "Group"),
                        subjects(s, "ServiceAccount")),
                "Name",
                "Role",
                "Age",
                "+Users",
                "+Groups",
                "+ServiceAccounts");
    }

    private static String subjects(Subject s, String kind) {
        return s.list("subjects").stream()
                .filter(who -> who.text("kind").orElse("").equals(kind))
                .map(who -> {
                    String name = who.text("name").orElse("");
                    return kind.equals("ServiceAccount") ? who.text("namespace").orElse("") + "/" + name : name;
                })
                .collect(Collectors.joining(", "));
    }

    private static KindTable signingRequests() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.age(),
                        s.text(s.document().text("spec", "signerName"), Subject.NONE),
                        s.text("spec", "username"),
                        s.has("spec", "expirationSeconds")
                                ? HumanDuration.of(Duration.ofSeconds(s.number("spec", "expirationSeconds")))
                                : Subject.NONE,
                        signing(s)),
                "Name",
                "Age",
                "SignerName",
                "Requestor",
                "RequestedDuration",
                "Condition");
    }

    private static String signing(Subject s) {
        String status = s.condition("Denied").isPresent()
                ? "Denied"
                : s.condition("Approved").isPresent() ? "Approved" : "Pending";
        return status
                + (s.condition("Failed").isPresent() ? ",Failed" : "")
                + (s.text("status", "certificate").isEmpty() ? "" : ",Issued");
    }

    private static KindTable podCertificates() {
        return KindTable.of(
                s -> {
                    String state = "Pending";
                    for (Document condition : s.list("status", "conditions")) {
                        String type = condition.text("type").orElse("");
                        state = List.of("Issued", "Denied", "Failed").contains(type) ? type : state;
                    }
                    return Subject.row(
                            s.name(),
                            s.text("spec", "podName"),
                            s.text("spec", "serviceAccountName"),
                            s.text("spec", "nodeName"),
                            s.text("spec", "signerName"),
                            state,
                            s.labels("spec", "unverifiedUserAnnotations"));
                },
                "Name",
                "PodName",
                "ServiceAccountName",
                "NodeName",
                "SignerName",
                "State",
                "+UnverifiedUserAnnotations");
    }

    private static KindTable policies(String heading) {
        String field = heading.toLowerCase(java.util.Locale.ROOT);
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.list("spec", field).size(),
                        s.has("spec", "paramKind")
                                ? s.text("spec", "paramKind", "apiVersion") + "/" + s.text("spec", "paramKind", "kind")
                                : Subject.UNSET,
                        s.age()),
                "Name",
                heading,
                "ParamKind",
                "Age");
    }

    private static KindTable policyBindings() {
        return KindTable.of(
                s -> Subject.row(s.name(), s.text("spec", "policyName"), parameter(s), s.age()),
                "Name",
                "PolicyName",
                "ParamRef",
                "Age");
    }

    private static String parameter(Subject s) {
        String name = s.text("spec", "paramRef", "name");
        String namespace = s.text("spec", "paramRef", "namespace");
        if (!name.isEmpty()) {
            return (namespace.isEmpty() ? "*" : namespace) + "/" + name;
        }
        return s.has("spec", "paramRef", "selector")
                ? LabelRequirements.of(s.document().at("spec", "paramRef", "selector"))
                : Subject.UNSET;
    }

    private static KindTable flowSchemas() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.text("spec", "priorityLevelConfiguration", "name"),
                        s.number("spec", "matchingPrecedence"),
                        s.document().text("spec", "distinguisherMethod", "type").orElse(Subject.NONE),
                        s.age(),
                        s.condition("Dangling").flatMap(c -> c.text("status")).orElse("?")),
                "Name",
                "PriorityLevel",
                "MatchingPrecedence",
                "DistinguisherMethod",
                "Age",
                "MissingPL");
    }

    private static KindTable priorityLevels() {
        return KindTable.of(
                s -> {
                    List<Object> cells = new ArrayList<>(List.of(s.name(), s.text("spec", "type")));
                    cells.add(s.scalar("spec", "limited", "nominalConcurrencyShares")
                            .or(() -> s.scalar("spec", "limited", "assuredConcurrencyShares"))
                            .orElse(Subject.NONE));
                    for (String field : List.of("queues", "handSize", "queueLengthLimit")) {
                        boolean queuing = s.has("spec", "limited", "limitResponse", "queuing");
                        cells.add(
                                queuing
                                        ? Long.toString(s.number("spec", "limited", "limitResponse", "queuing", field))
                                        : Subject.NONE);
                    }
                    cells.add(s.age());
                    return Subject.row(cells.toArray());
                },
                "Name",
                "Type",
                "NominalConcurrencyShares",
                "Queues",
                "HandSize",
                "QueueLengthLimit",
                "Age");
    }
}
