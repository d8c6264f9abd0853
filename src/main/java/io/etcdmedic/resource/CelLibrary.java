package io.etcdmedic.resource;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Functions of one CEL environment: what the checker must know of each, and what it does.
///
/// A function that throws `IllegalArgumentException` says to the operator why a value does not fit.
final class CelLibrary {
    private final Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    List<CelFunctionDecl> declarations() {
        return overloads.entrySet().stream()
                .map(e -> CelFunctionDecl.newFunctionDeclaration(e.getKey(), e.getValue()))
                .toList();
    }

    List<CelFunctionBinding> bindings() {
        return List.copyOf(bindings);
    }

    /// `name(a)`; `id` names the overload, as the kube-apiserver names it.
    <A> void global(
            String name, String id, CelType from, CelType to, Class<A> type, CelFunctionOverload.Unary<A> function) {
        declare(name, CelOverloadDecl.newGlobalOverload(id, to, from));
        bindings.add(CelFunctionBinding.from(id, type, function));
    }

    /// `name(a, b)`.
    <A, B> void global(
            String name,
            String id,
            CelType first,
            CelType second,
            CelType to,
            Class<A> firstType,
            Class<B> secondType,
            CelFunctionOverload.Binary<A, B> function) {
        declare(name, CelOverloadDecl.newGlobalOverload(id, to, first, second));
        bindings.add(CelFunctionBinding.from(id, firstType, secondType, function));
    }

    /// `a.name()`.
    <A> void member(
            String name, String id, CelType from, CelType to, Class<A> type, CelFunctionOverload.Unary<A> function) {
        declare(name, CelOverloadDecl.newMemberOverload(id, to, from));
        bindings.add(CelFunctionBinding.from(id, type, function));
    }

    /// `a.name(b)`.
    <A, B> void binary(
            String name,
            String id,
            CelType left,
            CelType right,
            CelType to,
            Class<A> leftType,
            Class<B> rightType,
            CelFunctionOverload.Binary<A, B> function) {
        declare(name, CelOverloadDecl.newMemberOverload(id, to, left, right));
        bindings.add(CelFunctionBinding.from(id, leftType, rightType, function));
    }

    private void declare(String name, CelOverloadDecl overload) {
        overloads.computeIfAbsent(name, _ -> new ArrayList<>()).add(overload);
    }
}
