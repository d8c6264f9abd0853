package io.etcdmedic.bench;

import io.etcdmedic.schema.Schema;

/// Opens the schema and finds a type in it, or does nothing: the difference is what the schema costs a start.
///
/// Argument: `schema` or `nothing`.
final class SchemaReady {
    private SchemaReady() {}

    public static void main(String[] arguments) {
        long began = System.nanoTime();
        if (arguments[0].equals("schema") && Schema.builtIn().kind("v1", "Pod").isEmpty()) {
            throw new IllegalStateException("no Pod in the schema");
        }
        System.out.printf("%.1f ms%n", (System.nanoTime() - began) / 1e6);
    }
}
