package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Volumes and their drivers. Source: K8S pkg/printers/internalversion/printers.go.
final class StorageTables {
    private static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
    static final Map<String, KindTable> ALL = Map.ofEntries(
            Map.entry("persistentvolumes", volumes()),
            Map.entry("persistentvolumeclaims", claims()),
            Map.entry("storageclasses.storage.k8s.io", classes()),
            Map.entry(
                    "volumeattributesclasses.storage.k8s.io",
                    KindTable.of(
                            s -> Subject.row(s.name(), s.text("driverName"), s.age()), "Name", "DriverName", "Age")),
            Map.entry(
                    "volumeattachments.storage.k8s.io",
                    KindTable.of(
                            s -> Subject.row(
                                    s.name(),
                                    s.text("spec", "attacher"),
                                    s.text("spec", "source", "persistentVolumeName"),
                                    s.text("spec", "nodeName"),
                                    s.truth("status", "attached"),
                                    s.age()),
                            "Name",
                            "Attacher",
                            "PV",
                            "Node",
                            "Attached",
                            "Age")),
            Map.entry(
                    "csinodes.storage.k8s.io",
                    KindTable.of(
                            s -> Subject.row(s.name(), s.list("spec", "drivers").size(), s.age()),
                            "Name",
                            "Drivers",
                            "Age")),
            Map.entry("csidrivers.storage.k8s.io", drivers()),
            Map.entry("csistoragecapacities.storage.k8s.io", ClusterTables.createdAt()));

    private StorageTables() {}

    private static KindTable volumes() {
        return KindTable.of(
                s -> Subject.row(
                        s.name(),
                        s.scalar("spec", "capacity", "storage").orElse("0"),
                        modes(s.document().texts("spec", "accessModes")),
                        s.text("spec", "persistentVolumeReclaimPolicy"),
                        s.isDeleted() ? "Terminating" : s.text("status", "phase"),
                        s.has("spec", "claimRef")
                                ? s.text("spec", "claimRef", "namespace") + "/" + s.text("spec", "claimRef", "name")
                                : "",
                        storageClass(s),
                        s.document().text("spec", "volumeAttributesClassName").orElse(Subject.UNSET),
                        s.text("status", "reason"),
                        s.age(),
                        s.document().text("spec", "volumeMode").orElse(Subject.UNSET)),
                "Name",
                "Capacity",
                "Access Modes",
                "Reclaim Policy",
                "Status",
                "Claim",
                "StorageClass",
                "VolumeAttributesClass",
                "Reason",
                "Age",
                "+VolumeMode");
    }

    private static KindTable claims() {
        return KindTable.of(
                s -> {
                    boolean bound = !s.text("spec", "volumeName").isEmpty();
                    return Subject.row(
                            s.name(),
                            s.isDeleted() ? "Terminating" : s.text("status", "phase"),
                            s.text("spec", "volumeName"),
                            bound ? s.scalar("status", "capacity", "storage").orElse("0") : "",
                            bound ? modes(s.document().texts("status", "accessModes")) : "",
                            storageClass(s),
                            s.document()
                                    .text("spec", "volumeAttributesClassName")
                                    .orElse(Subject.UNSET),
                            s.age(),
                            s.document().text("spec", "volumeMode").orElse(Subject.UNSET));
                },
                "Name",
                "Status",
                "Volume",
                "Capacity",
                "Access Modes",
                "StorageClass",
                "VolumeAttributesClass",
                "Age",
                "+VolumeMode");
    }

    private static String modes(List<String> modes) {
        List<String> shown = new ArrayList<>();
        Map<String, String> words = Map.of(
                "ReadWriteOnce", "RWO", "ReadOnlyMany", "ROX", "ReadWriteMany", "RWX", "ReadWriteOncePod", "RWOP");
        for (String mode : List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")) {
            if (modes.contains(mode)) {
                shown.add(words.getOrDefault(mode, mode));
            }
        }
        return String.join(",", shown);
    }

    private static String storageClass(Subject s) {
        return s.document()
                .text("metadata", "annotations", BETA_CLASS)
                .orElseGet(() -> s.text("spec", "storageClassName"));
    }

    private static KindTable classes() {
        return KindTable.of(
                s -> Subject.row(
                        s.name() + (isDefault(s) ? " (default)" : ""),
                        s.text("provisioner"),
                        s.document().text("reclaimPolicy").orElse("Delete"),
                        s.document().text("volumeBindingMode").orElse("Immediate"),
                        s.truth("allowVolumeExpansion"),
                        s.age()),
                "Name",
                "Provisioner",
                "ReclaimPolicy",
                "VolumeBindingMode",
                "AllowVolumeExpansion",
                "Age");
    }

    private static boolean isDefault(Subject s) {
        return List.of("storageclass.kubernetes.io", "storageclass.beta.kubernetes.io").stream()
                .anyMatch(prefix -> s.text("metadata", "annotations", prefix + "/is-default-class")
                        .equals("true"));
    }

    private static KindTable drivers() {
        return KindTable.of(
                s -> {
                    Optional<Document> requests = s.document().at("spec", "tokenRequests");
                    String audiences = s.list("spec", "tokenRequests").stream()
                            .map(t -> t.text("audience").orElse(""))
                            .collect(Collectors.joining(","));
                    String modes = String.join(",", s.document().texts("spec", "volumeLifecycleModes"));
                    return Subject.row(
                            s.name(),
                            s.document().truth("spec", "attachRequired").orElse(true),
                            s.truth("spec", "podInfoOnMount"),
                            s.truth("spec", "storageCapacity"),
                            requests.isPresent() ? audiences : Subject.UNSET,
                            s.truth("spec", "requiresRepublish"),
                            modes.isEmpty() ? Subject.NONE : modes,
                            s.age());
                },
                "Name",
                "AttachRequired",
                "PodInfoOnMount",
                "StorageCapacity",
                "TokenRequests",
                "RequiresRepublish",
                "Modes",
                "Age");
    }
}
