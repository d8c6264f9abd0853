package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.ApiServer;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Json;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import java.util.Map;

/// Asks the apiserver itself what a stored value says.
record ApiDecoder(ApiServer api) implements Decoder {
    private static final Map<String, String> GROUPS = Map.of(
            "servicecidrs",
            "networking.k8s.io",
            "ipaddresses",
            "networking.k8s.io",
            "endpointslices",
            "discovery.k8s.io",
            "leases",
            "coordination.k8s.io");

    @Override
    public Document decode(Entry entry) {
        if (entry.value().startsWith(Bytes.utf8("{"))) {
            return Json.read(entry.value());
        }
        String path = entry.key()
                .text()
                .substring("/registry/".length())
                .replaceFirst("^services/specs/", "services/")
                .replaceFirst("^services/endpoints/", "endpoints/")
                .replaceFirst("^minions/", "nodes/");
        String[] parts = path.split("/");
        String group = GROUPS.getOrDefault(parts[0], "");
        ApiName name = parts.length == 2
                ? new ApiName(group, "v1", parts[0], "", parts[1])
                : new ApiName(group, "v1", parts[0], parts[1], parts[2]);
        return api.get(name)
                .map(object -> Json.read(object.json()))
                .orElseThrow(
                        () -> new Failure.Corrupt(Problem.in("reading " + name).found("nothing")));
    }
}
