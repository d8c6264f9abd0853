package io.etcdmedic.node.facts;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.node.certs.KeyFact;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes secrets out of what is saved.
///
/// A private key becomes a block that says its format and public fingerprint, which is all that the checks need.
/// Passwords, tokens and encryption keys in configuration files become `WITHHELD`.
final class Withheld {
    private static final Pattern KEY = Pattern.compile(
            "-----BEGIN ([A-Z ]*PRIVATE KEY)-----(?:(?!-----END).)*-----END \\1-----|-----BEGIN [A-Z ]*PRIVATE KEY-----.*",
            Pattern.DOTALL);
    private static final Pattern SECRET_LINE = Pattern.compile(
            "(?im)^(\\s*(?:-\\s+)?(?:Environment=)?[\"']?[\\w.-]*(?:secret|password|passphrase|token|client-key-data|access[_-]?key|private[_-]?key|vpn-auth)"
                    + "[\\w-]*\"?\\s*[:=]\\s*)(\\S.*)$");
    private static final Pattern SECRET_JSON = Pattern.compile(
            "(?i)(\"[\\w.-]*(?:secret|password|passphrase|token|key-?data|access_?key|keyPEM)[\\w-]*\"\\s*:\\s*\")((?:[^\"\\\\]|\\\\.)*)\"");

    /// A variable, of a container or of a unit, or a flag that is nothing but a secret: others only speak of some.
    private static final Pattern SECRET_PAIR = Pattern.compile(
            "(?i)(\"(?:--(?:token|password)|(?!-)[\\w.-]*(?:secret|password|passphrase|token|credential|access[_-]?key"
                    + "|private[_-]?key|api[_-]?key)[\\w-]*)=)(?!/)((?:[^\"\\\\]|\\\\.)+)\"");

    /// A secret of k3s or RKE2 on its command line, on one line or over several of a unit.
    private static final Pattern SECRET_ARGUMENT = Pattern.compile(
            "((?<![\\w-])--?(?:token|agent-token|cluster-secret|etcd-s3-access-key|etcd-s3-secret-key|vpn-auth)"
                    + "['\"]?(?:=|[\\s\\\\]+)['\"]?)([^\\s'\"\\\\-][^\\s'\"\\\\]*)");

    private static final Pattern SECRET_SHORT = Pattern.compile(
            "(\\b(?:k3s|rke2)\\b[^;]*?\\s['\"]?-t['\"]?(?:=|[\\s\\\\]+)['\"]?)" + "([^\\s'\"\\\\-][^\\s'\"\\\\]*)");

    /// The password of a database's address: `mysql://user:PASSWORD@tcp(…)`.
    private static final Pattern SECRET_ADDRESS =
            Pattern.compile("([a-z][a-z0-9+]*://[^\\s:/@'\"]*:)([^\\s@'\"/]+)(?=@)");

    private Withheld() {}

    /// `content` without its secrets; content that is not text is kept only when it holds none by its nature.
    static Bytes content(String path, Bytes content) {
        String text = content.toUtf8();
        String safe = keys(text);
        if (!path.endsWith(".pem") && !path.endsWith(".nix")) {
            safe = lines(safe);
        }
        return safe.equals(text) ? content : Bytes.utf8(safe);
    }

    static String output(String text) {
        return lines(keys(text));
    }

    private static String keys(String text) {
        return KEY.matcher(text).replaceAll(match -> Matcher.quoteReplacement(KeyFact.withheldBlock(match.group())));
    }

    /// An argument list, its words parted by blanks or tabs.
    static String arguments(String text) {
        String safe = SECRET_ARGUMENT.matcher(text).replaceAll("$1WITHHELD");
        safe = SECRET_SHORT.matcher(safe).replaceAll("$1WITHHELD");
        return SECRET_ADDRESS.matcher(safe).replaceAll("$1WITHHELD");
    }

    private static String lines(String text) {
        String pairs = SECRET_PAIR.matcher(arguments(text)).replaceAll("$1WITHHELD\"");
        String json = SECRET_JSON.matcher(pairs).replaceAll("$1WITHHELD\"");
        return SECRET_LINE.matcher(json).replaceAll(match -> {
            // A flag that only names a file is no secret: `serviceAccountKeyFile`, `--token-file=/…`.
            boolean names = match.group(2).matches("[\"']?/.*|\\{|\\[|\\|.*|true|false|null|\"WITHHELD\".*");
            return Matcher.quoteReplacement(names ? match.group() : match.group(1) + "WITHHELD");
        });
    }
}
