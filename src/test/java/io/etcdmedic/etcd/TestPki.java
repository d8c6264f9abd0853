package io.etcdmedic.etcd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Certificates made with openssl, named and kept the way RKE1 does it (`kube-ca.pem`, `NAME.pem`, `NAME-key.pem`).
public final class TestPki {
    private static final String TODAY = "";
    private final Path folder;
    private final Path ca;
    private final Path caKey;
    private int serial = 1000;

    /// A new authority, called `name`.
    public TestPki(Path folder, String name) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.ca = folder.resolve(name + ".pem");
        this.caKey = folder.resolve(name + "-key.pem");
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=" + name,
                "-keyout",
                caKey.toString(),
                "-out",
                ca.toString());
    }

    public Path ca() {
        return ca;
    }

    /// @param certificate with its key beside it
    public record Pair(Path certificate, Path key) {}

    public enum KeyKind {
        RSA_PKCS1,
        RSA_PKCS8,
        EC_SEC1,
        EC_SEC1_WITH_PARAMETERS,
        EC_PKCS8,
        ED25519
    }

    /// Valid now.
    ///
    /// @param names as openssl writes them: `IP:127.0.0.1,DNS:localhost`; empty for none
    public Pair issue(String name, String names, KeyKind kind) throws Exception {
        return issue(name, names, kind, TODAY, TODAY, "serverAuth,clientAuth");
    }

    /// @param from `YYMMDDHHMMSSZ`; empty: yesterday
    /// @param to the same; empty: in thirty days
    public Pair issue(String name, String names, KeyKind kind, String from, String to, String uses) throws Exception {
        Path key = folder.resolve(name + "-key.pem");
        Path request = folder.resolve(name + ".csr");
        Path certificate = folder.resolve(name + ".pem");
        key(kind, key);
        openssl(
                "req",
                "-new",
                "-key",
                key.toString(),
                "-subj",
                "/O=system:masters/CN=" + name,
                "-out",
                request.toString());
        List<String> arguments = new ArrayList<>(List.of(
                "ca",
                "-batch",
                "-notext",
                "-config",
                config(name, names, uses).toString(),
                "-in",
                request.toString(),
                "-out",
                certificate.toString()));
        if (from.isEmpty()) {
            arguments.addAll(List.of("-days", "30"));
        } else {
            arguments.addAll(List.of("-startdate", from, "-enddate", to));
        }
        openssl(arguments.toArray(String[]::new));
        return new Pair(certificate, key);
    }

    private Path config(String name, String names, String uses) throws IOException {
        Path index = folder.resolve(name + ".index");
        Files.writeString(index, "");
        Path serialFile = folder.resolve(name + ".serial");
        Files.writeString(serialFile, Integer.toString(serial++));
        Path config = folder.resolve(name + ".cnf");
        Files.writeString(config, """
                [ca]
                default_ca = own
                [own]
                dir = %1$s
                database = %2$s
                serial = %3$s
                new_certs_dir = %1$s
                certificate = %4$s
                private_key = %5$s
                default_md = sha256
                policy = any
                x509_extensions = extensions
                unique_subject = no
                [any]
                organizationName = optional
                commonName = supplied
                [extensions]
                extendedKeyUsage = %6$s
                %7$s
                """.formatted(
                folder, index, serialFile, ca, caKey, uses, names.isEmpty() ? "" : "subjectAltName = " + names));
        return config;
    }

    public static void key(KeyKind kind, Path file) throws Exception {
        String out = file.toString();
        switch (kind) {
            case RSA_PKCS1 -> openssl("genrsa", "-traditional", "-out", out, "2048");
            case RSA_PKCS8 -> openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", out);
            case EC_SEC1 -> openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", out);
            case EC_SEC1_WITH_PARAMETERS -> openssl("ecparam", "-name", "secp384r1", "-genkey", "-out", out);
            case EC_PKCS8 -> openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", out);
            case ED25519 -> openssl("genpkey", "-algorithm", "ed25519", "-out", out);
        }
    }

    public static void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }
}
