package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.keyspace.Key;
import java.util.List;
import java.util.Map;

/// A question about the world with yes or no for an answer, written down so that a plan file can hold it.
///
/// Keys are read in etcd, linearizably, at or above the revision that the plan reached. A question that cannot be
/// answered (undecodable value, API down) is answered no, and the reason is reported.
public sealed interface Check {
    record Always() implements Check {}

    record Never() implements Check {}

    record Absent(Key key) implements Check {}

    record Present(Key key) implements Check {}

    /// The key's stored bytes have this hash.
    record Holds(Key key, Sha256 value) implements Check {}

    /// The decoded object has, at a JSON pointer (RFC 6901), exactly this value.
    ///
    /// @param json the value as JSON text: `["10.43.0.0/16"]`, `"web"`, `null` for absent
    record Field(Key key, String pointer, String json) implements Check {}

    /// The decoded object has the condition `type` with this status ("True", "False", "Unknown").
    record Condition(Key key, String type, String status) implements Check {}

    /// The Kubernetes API says that it is ready.
    record ApiReady() implements Check {}

    /// The file is there with this content.
    record FileHolds(String path, Sha256 content) implements Check {}

    record FileAbsent(String path) implements Check {}

    /// The command (an argument list, an absolute program path) exits with status 0.
    record Succeeds(List<String> argv) implements Check {
        public Succeeds {
            argv = List.copyOf(argv);
        }
    }

    /// A question that code answers: a runbook registers the code under `name` with the engine.
    record Named(String name, Map<String, String> arguments) implements Check {
        public Named {
            arguments = Map.copyOf(arguments);
        }
    }

    record All(List<Check> checks) implements Check {
        public All {
            checks = List.copyOf(checks);
        }
    }

    record Any(List<Check> checks) implements Check {
        public Any {
            checks = List.copyOf(checks);
        }
    }

    record Not(Check check) implements Check {}

    static Check all(Check... checks) {
        return new All(List.of(checks));
    }

    static Check any(Check... checks) {
        return new Any(List.of(checks));
    }

    static Check not(Check check) {
        return new Not(check);
    }
}
