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
            "(?im)^(\\s*(?:-\\s+)?(?:Environment=)?[\"']?[\\w.-]*(?:secret|password|passphrase|token|client-key-data|access[_-]?key|private[_-]?key)"
                    + "[\\w-]*\"?\\s*[:=]\\s*)(\\S.*)$");
    private static final Pattern SECRET_JSON = Pattern.compile(
            "(?i)(\"[\\w.-]*(?:secret|password|passphrase|token|key-?data|access_?key|keyPEM)[\\w-]*\"\\s*:\\s*\")((?:[^\"\\\\]|\\\\.)*)\"");

    /// A variable, of a container or of a unit, or a flag that is nothing but a secret: others only speak of some.
    private static final Pattern SECRET_PAIR = Pattern.compile(
            "(?i)(\"(?:--(?:token|password)|(?!-)[\\w.-]*(?:secret|password|passphrase|token|credential|access[_-]?key"
                    + "|private[_-]?key|api[_-]?key)[\\w-]*)=)(?!/)((?:[^\"\\\\]|\\\\.)+)\"");

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

    private static String lines(String text) {
        String pairs = SECRET_PAIR.matcher(text).replaceAll("$1WITHHELD\"");
        String json = SECRET_JSON.matcher(pairs).replaceAll("$1WITHHELD\"");
        return SECRET_LINE.matcher(json).replaceAll(match -> {
            // A flag that only names a file is no secret: `serviceAccountKeyFile`, `--token-file=/…`.
            boolean names = match.group(2).matches("[\"']?/.*|\\{|\\[|\\|.*|true|false|null|\"WITHHELD\".*");
            return Matcher.quoteReplacement(names ? match.group() : match.group(1) + "WITHHELD");
        });
    }
}
