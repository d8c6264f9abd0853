package io.etcdmedic.resource;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;

/// `find` and `findAll` as the kube-apiserver's CEL has them, with the regular expressions that `matches` takes too:
/// RE2, whose time grows with the text and no faster.
///
/// Source: k8s.io/apiserver pkg/cel/library/regex.go.
final class CelPatterns {
    private CelPatterns() {}

    static void addTo(CelLibrary library) {
        library.binary(
                "find",
                "string_find_string",
                SimpleType.STRING,
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                String.class,
                CelPatterns::find);
        library.binary(
                "findAll",
                "string_find_all_string",
                SimpleType.STRING,
                SimpleType.STRING,
                ListType.create(SimpleType.STRING),
                String.class,
                String.class,
                CelPatterns::findAll);
    }

    private static String find(String text, String pattern) {
        Matcher matcher = matcher(text, pattern);
        return matcher.find() ? matcher.group() : "";
    }

    private static List<String> findAll(String text, String pattern) {
        List<String> all = new ArrayList<>();
        Matcher matcher = matcher(text, pattern);
        while (matcher.find()) {
            all.add(matcher.group());
        }
        return List.copyOf(all);
    }

    private static Matcher matcher(String text, String pattern) {
        try {
            return Pattern.compile(pattern).matcher(text);
        } catch (PatternSyntaxException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }
}
