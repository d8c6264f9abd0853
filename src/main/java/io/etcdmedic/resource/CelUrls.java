package io.etcdmedic.resource;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;

/// `url` as the kube-apiserver's CEL has it.
///
/// Source: k8s.io/apiserver pkg/cel/library/urls.go.
final class CelUrls {
    private static final CelType URL = OpaqueType.create("kubernetes.URL");
    private static final CelType QUERY = MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING));

    private CelUrls() {}

    static void addTo(CelLibrary library) {
        library.global(
                "url",
                "string_to_url",
                SimpleType.STRING,
                URL,
                String.class,
                text -> Url.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no absolute URL or path")));
        library.global(
                "isURL",
                "is_url_string",
                SimpleType.STRING,
                SimpleType.BOOL,
                String.class,
                text -> Url.parse(text).isPresent());
        library.member("getScheme", "url_get_scheme", URL, SimpleType.STRING, Url.class, Url::scheme);
        library.member("getHost", "url_get_host", URL, SimpleType.STRING, Url.class, Url::host);
        library.member("getHostname", "url_get_hostname", URL, SimpleType.STRING, Url.class, Url::hostname);
        library.member("getPort", "url_get_port", URL, SimpleType.STRING, Url.class, Url::port);
        library.member("getEscapedPath", "url_get_escaped_path", URL, SimpleType.STRING, Url.class, Url::escapedPath);
        library.member("getQuery", "url_get_query", URL, QUERY, Url.class, Url::parameters);
    }
}
