package io.etcdmedic.codec;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.Document.Mapping;
import io.etcdmedic.document.Document.Nil;
import io.etcdmedic.document.Document.Redacted;
import io.etcdmedic.document.Document.Sequence;
import io.etcdmedic.document.Document.Text;
import io.etcdmedic.document.Json;
import io.etcdmedic.keyspace.Key;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Takes secret values out of what is shown; each leaves its length and a mark that equal values share within
/// one run.
///
/// The mark is an HMAC with a key of this run: a plain hash of a weak secret can be guessed.
/// What is secret: the values of a Secret, and everything but the name of whatever else lies where Secrets
/// lie; RKE's full-cluster-state; copies of a Secret in annotations; private keys and kubeconfigs wherever
/// they stand.
public final class Redaction {
    private static final List<String> KEPT = List.of("apiVersion", "kind", "metadata", "type", "immutable");
    private static final List<String> APPLIED = List.of("last-applied-configuration", "cattle.io/applied");
    /// `-----BEGIN … PRIVATE KEY`, as base64 has it: of PKCS 8, RSA, EC and OpenSSH keys.
    private static final String PEM_IN_BASE64 =
            "LS0tLS1CRUdJTiBQUklWQVRF|LS0tLS1CRUdJTiBSU0EgUFJJVkFU|LS0tLS1CRUdJTiBFQyBQUklWQVRF|LS0tLS1CRUdJTiBPUEVOU1NIIFBS";

    private static final Pattern SECRET_TEXT = Pattern.compile("PRIVATE KEY-----|" + PEM_IN_BASE64
            + "|client-key-data|\"kind\"\\s*:\\s*\"Secret\"|(?m)^kind:\\s*Secret\\b|eyJhbGciOi");
    private static final String RKE_STATE = "full-cluster-state";
    private static final String SECRETS = "/secrets/";
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /// @param random makes the key of this run
    public Redaction(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /// Whether a stored value may hold anything to hide; when not, [#of] would change nothing.
    ///
    /// @param plain the value before encryption at rest
    static boolean mayHide(Key key, Bytes plain) {
        String name = key.text();
        return isGuarded(key) || name.contains(RKE_STATE) || SecretMarks.areIn(plain);
    }

    /// Whether the bytes of what lies at `key` are not shown at all.
    public static boolean isGuarded(Key key) {
        String name = key.text();
        return name.contains(SECRETS) || name.endsWith("/" + RKE_STATE);
    }

    /// @param key where the document lies, which counts as much as what it says of itself
    public Document of(Key key, Document document) {
        boolean secret = document.text("kind").filter("Secret"::equals).isPresent()
                && document.text("apiVersion").filter("v1"::equals).isPresent();
        boolean state =
                document.text("metadata", "name").filter(RKE_STATE::equals).isPresent()
                        || key.text().endsWith("/" + RKE_STATE);
        if (document instanceof Mapping object && (secret || state || key.text().contains(SECRETS))) {
            return guarded(object, secret || state);
        }
        return searched(document);
    }

    private Document guarded(Mapping object, boolean known) {
        SequencedMap<String, Document> shown = new LinkedHashMap<>();
        object.fields().forEach((name, value) -> {
            if (name.equals("metadata")) {
                shown.put(name, known ? metadata(value) : nameOnly(value));
            } else if (KEPT.contains(name) && (known || !(value instanceof Mapping || value instanceof Sequence))) {
                shown.put(name, searched(value));
            } else {
                shown.put(name, values(value, name.equals("data") || name.equals("binaryData")));
            }
        });
        return new Mapping(shown);
    }

    private static Document nameOnly(Document metadata) {
        SequencedMap<String, Document> shown = new LinkedHashMap<>();
        for (String name : List.of("name", "namespace", "creationTimestamp", "uid")) {
            metadata.at(name).ifPresent(value -> shown.put(name, value));
        }
        return new Mapping(shown);
    }

    private Document metadata(Document metadata) {
        if (!(metadata instanceof Mapping mapping)) {
            return redacted(metadata);
        }
        SequencedMap<String, Document> shown = new LinkedHashMap<>();
        mapping.fields()
                .forEach((name, value) -> shown.put(name, name.startsWith("$") ? redacted(value) : searched(value)));
        if (shown.get("annotations") instanceof Mapping annotations) {
            SequencedMap<String, Document> kept = new LinkedHashMap<>();
            annotations.fields().forEach((name, value) -> {
                boolean copy = APPLIED.stream().anyMatch(name::endsWith);
                kept.put(name, copy ? redacted(value) : value);
            });
            shown.put("annotations", new Mapping(kept));
        }
        return new Mapping(shown);
    }

    /// Names stay, values go.
    private Document values(Document value, boolean base64) {
        if (!(value instanceof Mapping mapping)) {
            return value instanceof Nil ? value : redacted(value);
        }
        SequencedMap<String, Document> shown = new LinkedHashMap<>();
        mapping.fields().forEach((name, inner) -> shown.put(name, base64 ? redactedBase64(inner) : redacted(inner)));
        return new Mapping(shown);
    }

    /// A document in which texts that are secret by themselves are hidden.
    private Document searched(Document document) {
        return switch (document) {
            case Text text -> SECRET_TEXT.matcher(text.text()).find() ? redacted(text) : text;
            case Mapping mapping -> {
                SequencedMap<String, Document> shown = new LinkedHashMap<>();
                mapping.fields().forEach((name, value) -> shown.put(name, searched(value)));
                yield new Mapping(shown);
            }
            case Sequence sequence ->
                new Sequence(sequence.elements().stream().map(this::searched).toList());
            case Document.Whole _, Document.Decimal _, Document.Truth _, Nil _, Redacted _ -> document;
        };
    }

    private Document redactedBase64(Document value) {
        if (value instanceof Text text) {
            try {
                return redacted(Base64.getDecoder().decode(text.text()));
            } catch (IllegalArgumentException _) {
                // Not base64 after all: what is written is what is hidden.
            }
        }
        return redacted(value);
    }

    private Document redacted(Document value) {
        String text = value instanceof Text t ? t.text() : Json.compact(value);
        return redacted(text.getBytes(StandardCharsets.UTF_8));
    }

    private Redacted redacted(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return new Redacted(bytes.length, HexFormat.of().formatHex(mac.doFinal(bytes), 0, 4));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
