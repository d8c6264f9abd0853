package io.etcdmedic.repair.plan;

import java.util.List;

/// What taking the whole plan back means.
///
/// @param bringsBack said before it asks: "the wrong service range 10.0.0.0/24"
/// @param thenDo what the operator must do afterwards ("restart every kube-apiserver"); not empty: undo exits 7
public record UndoTerms(List<String> bringsBack, List<String> thenDo) {
    public static final UndoTerms NONE = new UndoTerms(List.of(), List.of());

    public UndoTerms {
        bringsBack = List.copyOf(bringsBack);
        thenDo = List.copyOf(thenDo);
    }
}
