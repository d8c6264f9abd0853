package io.etcdmedic.resource;

import dev.cel.common.CelFunctionDecl;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/// What Kubernetes' CEL has beyond the language's own libraries.
///
/// Source: https://kubernetes.io/docs/reference/using-api/cel
final class CelFunctions {
    private static final CelLibrary KUBERNETES = new CelLibrary();

    static {
        CelNetworks.addTo(KUBERNETES);
        CelQuantities.addTo(KUBERNETES);
        CelLists.addTo(KUBERNETES);
        CelVersions.addTo(KUBERNETES);
        CelUrls.addTo(KUBERNETES);
        CelPatterns.addTo(KUBERNETES);
    }

    private CelFunctions() {}

    static List<CelFunctionDecl> declarations() {
        return KUBERNETES.declarations();
    }

    static List<CelFunctionBinding> bindings() {
        return KUBERNETES.bindings();
    }
}
