package io.etcdmedic.schema;

import java.util.List;

/// What is declared about one message.
///
/// @param name the full name: `k8s.io.api.core.v1.Pod`
/// @param kind whether it can stand alone, with apiVersion and kind
/// @param fields in order of their numbers
record MessageDeclaration(String name, Form form, boolean kind, List<FieldDeclaration> fields) {}
