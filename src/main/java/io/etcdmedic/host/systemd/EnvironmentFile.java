package io.etcdmedic.host.systemd;

import java.util.LinkedHashMap;
import java.util.Map;

/// Lines `NAME=VALUE`: quotes are taken off, a backslash at a line's end continues it.
///
/// Source: systemd.exec(5), `EnvironmentFile=`.
final class EnvironmentFile {
    private EnvironmentFile() {}

    static Map<String, String> read(String text) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String line : text.replace("\\\n", "").lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                environment.put(
                        line.substring(0, equals).strip(),
                        unquoted(line.substring(equals + 1).strip()));
            }
        }
        return environment;
    }

    private static String unquoted(String text) {
        StringBuilder value = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                i++;
                boolean kept = quote == '"' && "\"\\`$".indexOf(text.charAt(i)) < 0;
                value.append(kept ? "\\" : "").append(text.charAt(i));
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }
}
