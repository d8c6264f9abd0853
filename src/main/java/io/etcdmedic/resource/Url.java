package io.etcdmedic.resource;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An absolute URL or an absolute path, as Go reads it: more leniently than `java.net.URI`, which knows no spaces.
///
/// @param host with its port, an IPv6 address in brackets; empty in a path
/// @param path as it was written
/// @param query what follows the question mark
/// Source: Go net/url, ParseRequestURI.
record Url(String scheme, String host, String path, String query) {
    private static final Pattern FORM =
            Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*):)?([^?#]*)(?:\\?([^#]*))?(?:#.*)?", Pattern.DOTALL);
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.%A-Za-z~_-]+\\]|[^\\[\\]:\\s<>\"\\\\^`{}|/@%]*)(?::([0-9]*))?");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");
    private static final String KEPT_IN_PATHS = "-_.~$&+,/:;=@!'()*%";

    static Optional<Url> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.isEmpty() || CONTROL.matcher(text).find() || !form.matches()) {
            return Optional.empty();
        }
        Optional<String> scheme = Optional.ofNullable(form.group(1));
        String rest = form.group(2);
        String query = Optional.ofNullable(form.group(3)).orElse("");
        if (!rest.startsWith("/")) {
            // Of mailto:someone nothing is asked but the scheme.
            return scheme.map(s -> new Url(s.toLowerCase(Locale.ROOT), "", "", query));
        }
        if (scheme.isEmpty() || !rest.startsWith("//")) {
            return at(scheme.orElse(""), "", rest, query);
        }
        int slash = rest.indexOf('/', 2);
        String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
        return at(
                scheme.get(),
                authority.substring(authority.lastIndexOf('@') + 1),
                slash < 0 ? "" : rest.substring(slash),
                query);
    }

    private static Optional<Url> at(String scheme, String host, String path, String query) {
        boolean whole =
                HOST.matcher(host).matches() && !BROKEN_ESCAPE.matcher(path).find();
        return whole ? Optional.of(new Url(scheme.toLowerCase(Locale.ROOT), host, path, query)) : Optional.empty();
    }

    /// The host without its port, an IPv6 address without brackets.
    String hostname() {
        Matcher form = HOST.matcher(host);
        String name = form.matches() ? form.group(1) : host;
        return name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    }

    /// The digits after the host; empty when there are none.
    String port() {
        Matcher form = HOST.matcher(host);
        return form.matches() ? Optional.ofNullable(form.group(2)).orElse("") : "";
    }

    String escapedPath() {
        StringBuilder escaped = new StringBuilder();
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean kept = c < 0x80 && (Character.isLetterOrDigit(c) || KEPT_IN_PATHS.indexOf(c) >= 0);
            escaped.append(kept ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return escaped.toString();
    }

    /// Names and values unescaped; a pair that cannot be is left out.
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!pair.isEmpty()
                    && pair.indexOf(';') < 0
                    && !BROKEN_ESCAPE.matcher(pair).find()) {
                parameters
                        .computeIfAbsent(unescaped(name), _ -> new ArrayList<>())
                        .add(unescaped(value));
            }
        }
        return parameters;
    }

    private static String unescaped(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
