package io.etcdmedic.resource;

import dev.cel.common.CelFunctionDecl;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/// What the kube-apiserver adds to CEL, as far as an operator needs it.
final class CelFunctions {
    private static final CelLibrary LIBRARY = new CelLibrary();

    static {
        CelAddresses.addTo(LIBRARY);
        CelQuantities.addTo(LIBRARY);
        CelLists.addTo(LIBRARY);
    }

    private CelFunctions() {}

    static List<CelFunctionDecl> declarations() {
        return LIBRARY.declarations();
    }

    static List<CelFunctionBinding> bindings() {
        return LIBRARY.bindings();
    }
}
