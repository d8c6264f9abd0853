package io.etcdmedic.schema;

import java.util.List;

/// What is declared about one message.
///
/// @param name the full name: `k8s.io.api.core.v1.Pod`
/// @param fields in order of their numbers
record MessageDeclaration(String name, Form form, List<FieldDeclaration> fields) {}
