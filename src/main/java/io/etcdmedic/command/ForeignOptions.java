package io.etcdmedic.command;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Options that fingers know from etcdctl and kubectl and that medic has not: what is there instead.
///
/// Source: etcdctl 3.4 to 3.6 (etcdctl/ctlv3/command), kubectl 1.36.
final class ForeignOptions {
    private static final Map<String, String> INSTEAD = new HashMap<>();

    static {
        String checked = "medic always checks who answers: --cacert FILE names the CA that signed the certificate; one"
                + " that does not name the endpoint can be met with --server-name NAME";
        instead(checked, "--insecure-skip-tls-verify", "--insecure-skip-tls", "-k", "--insecure");
        instead(
                "http:// or https:// in --endpoints says it; medic goes without TLS only to http://",
                "--insecure-transport");
        instead(
                "name the members: --endpoints URL,URL",
                "--discovery-srv",
                "--discovery-srv-name",
                "--insecure-discovery");
        instead("-o table|wide|yaml|json|jsonl|name|raw|hex|proto|meta", "-w", "--write-out", "--fields");
        instead("-o hex shows stored bytes, --key-hex takes a key in digits", "--hex");
        instead("medic ls, or -o name", "--keys-only");
        instead("-o raw", "--print-value-only", "--value-only");
        instead("medic stat counts keys by resource; medic ls PREFIX | wc -l", "--count-only");
        instead("--revision N", "--rev");
        instead(
                "medic history KEY shows every revision that is still held, watch -o json the value before",
                "--prev-kv");
        instead("--range FROM TO; medic ls --all for every key", "--from-key");
        instead("medic ls | head -n N; medic top --limit N for the largest", "--limit");
        instead("reads are linearizable; medic diff --members compares what each member holds", "--consistency");
        instead("--password-file FILE, or --password-fd N: an argument is everybody's", "--password");
        instead("--dial-timeout and --command-timeout", "--keepalive-time", "--keepalive-timeout", "--request-timeout");
        instead("medic status asks every member; the others ask those that --endpoints names", "--cluster");
        instead(
                "medic snapshot verify says what is wrong with a file, --salvage reads what it still holds",
                "--skip-hash-check");
        instead("--endpoints URL for etcd, --api-server URL for the Kubernetes API", "--server", "-s");
        instead(
                "--kubeconfig FILE and --context NAME, or --api-cert, --api-key and --api-cacert",
                "--token",
                "--client-certificate",
                "--client-key",
                "--certificate-authority",
                "--as");
        instead("medic find RESOURCE --where 'object.status.phase == \"Running\"'", "--field-selector");
        instead(
                "nothing is sent to the API's graceful deletion here; medic delete RESOURCE NAME shows a plan first",
                "--force",
                "--grace-period",
                "--now",
                "--cascade");
        instead(
                "every command that writes asks; in scripts --plan FILE, then medic plan apply FILE --approve HEX",
                "-y",
                "--yes",
                "--assume-yes");
    }

    private ForeignOptions() {}

    private static void instead(String hint, String... options) {
        for (String option : options) {
            INSTEAD.put(option, hint);
        }
    }

    /// What is there instead of `option`.
    static Optional<String> hint(String option) {
        return Optional.ofNullable(INSTEAD.get(option));
    }
}
