package io.etcdmedic.node.certs;

import io.etcdmedic.host.FileContent;
import io.etcdmedic.host.FileMeta;
import io.etcdmedic.host.IoReason;
import io.etcdmedic.host.Machine;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A PEM file: the certificates and the key in it, as far as they can be read.
///
/// @param path as it is asked for, links and all
/// @param trouble why it cannot be used; empty when it can
public record PemFile(
        String path,
        Optional<FileMeta> meta,
        List<X509Certificate> certificates,
        Optional<KeyFact> key,
        String trouble) {
    /// A block as Go sees one: its first line begins at the start of a line. Source: Go encoding/pem.
    private static final Pattern CERTIFICATE = Pattern.compile(
            "(?:\\A|\n)-----BEGIN CERTIFICATE-----[ \t]*\r?\n(.*?)-----END CERTIFICATE-----", Pattern.DOTALL);

    public PemFile {
        certificates = List.copyOf(certificates);
    }

    public static PemFile read(Machine machine, String path) {
        Optional<FileMeta> meta = machine.stat(path);
        return switch (machine.read(path)) {
            case FileContent.Absent _ -> new PemFile(path, meta, List.of(), Optional.empty(), absent(path));
            case FileContent.Unreadable unreadable ->
                new PemFile(path, meta, List.of(), Optional.empty(), unreadable.why());
            case FileContent.Present file -> parse(path, meta, file.text());
        };
    }

    /// A name with bytes that are no text cannot be asked for.
    private static String absent(String path) {
        return path.contains("\ufffd") ? "its name is not UTF-8, so it cannot be opened" : "it is not there";
    }

    private static PemFile parse(String path, Optional<FileMeta> meta, String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        String trouble = "";
        Matcher matcher = CERTIFICATE.matcher(text);
        while (matcher.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(1).strip());
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (CertificateException | IllegalArgumentException e) {
                trouble =
                        "certificate %d in it cannot be decoded: %s".formatted(certificates.size() + 1, e.getMessage());
            }
        }
        Optional<KeyFact> key = KeyFact.read(text);
        if (certificates.isEmpty() && key.isEmpty() && trouble.isEmpty()) {
            trouble = nothing(text);
        }
        if (trouble.isEmpty() && key.isPresent()) {
            trouble = key.get().trouble();
        }
        return new PemFile(path, meta, certificates, key, trouble);
    }

    private static String nothing(String text) {
        if (text.isBlank()) {
            return "it is empty";
        }
        return text.contains("-----BEGIN CERTIFICATE-----") && text.contains("-----END CERTIFICATE-----")
                ? "its BEGIN line does not begin a line (blanks, a byte order mark or other text before it)"
                : "it holds neither a certificate nor a private key";
    }

    /// Whether it is only us who may not read it.
    public boolean isDenied() {
        return IoReason.isDenied(trouble);
    }

    public String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    public boolean exists() {
        return meta.isPresent();
    }

    public boolean mayServe() {
        return leaf().filter(CertificateCheck::canServe).isPresent();
    }

    public boolean mayBeShownByAClient() {
        return leaf().filter(CertificateCheck::canBeAClients).isPresent();
    }

    /// Whether who trusts the certificates of `authority` believes this one.
    public boolean isBelievedBy(PemFile authority) {
        return SignatureCheck.isBelieved(this, authority.certificates());
    }

    /// The certificate that a server or client would show: the first one.
    public Optional<X509Certificate> leaf() {
        return certificates.isEmpty() ? Optional.empty() : Optional.of(certificates.getFirst());
    }
}
