package io.etcdmedic.node.cluster;

import io.etcdmedic.document.Document;
import java.util.List;

/// A Service and its addresses.
///
/// @param addresses none for a headless one
public record ServiceObject(String namespace, String name, List<String> addresses, List<Integer> nodePorts) {
    public ServiceObject {
        addresses = List.copyOf(addresses);
        nodePorts = List.copyOf(nodePorts);
    }

    static ServiceObject of(Document service) {
        List<String> several = service.texts("spec", "clusterIPs");
        List<String> all =
                several.isEmpty() ? service.text("spec", "clusterIP").stream().toList() : several;
        return new ServiceObject(
                service.text("metadata", "namespace").orElse(""),
                service.text("metadata", "name").orElse(""),
                all.stream().filter(a -> !a.isEmpty() && !a.equals("None")).toList(),
                service.list("spec", "ports").stream()
                        .mapToInt(p -> (int) p.whole("nodePort").orElse(0))
                        .filter(port -> port > 0)
                        .boxed()
                        .toList());
    }

    public String title() {
        return namespace + "/" + name;
    }
}
