package io.etcdmedic.etcd;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One block of a PEM file. Source: RFC 7468; the headers of old encrypted keys: RFC 1421.
///
/// @param label what stands after BEGIN
/// @param headers the lines with a colon at its beginning, as they are; empty in today's files
/// @param der the decoded content
record PemBlock(String label, String headers, Bytes der) {
    /// A bundle of every public certificate authority has a few hundred KiB.
    private static final int FILE_BYTES_MAX = 8 << 20;

    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]+)-----\\s*((?:[A-Za-z-]+: .*\\R)*)([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    /// The blocks of a file in their order.
    ///
    /// @param what the file's role, for failures: "the client key"
    /// @throws Failure.Unreachable when it cannot be read
    /// @throws Failure.Usage when it holds no PEM block
    static List<PemBlock> read(Path file, String what) {
        String operation = "reading " + what + " " + file;
        return parse(text(file, operation), operation);
    }

    /// @throws Failure.Usage when `text` holds no PEM block
    static List<PemBlock> parse(String text, String operation) {
        List<PemBlock> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(3));
                blocks.add(new PemBlock(matcher.group(1), matcher.group(2), Bytes.owned(der)));
            } catch (IllegalArgumentException e) {
                throw new Failure.Usage(Problem.in(operation)
                        .found("the block " + matcher.group(1) + " is no base64: " + e.getMessage()));
            }
        }
        if (blocks.isEmpty()) {
            throw new Failure.Usage(Problem.in(operation)
                    .found("no PEM block in it")
                    .expected("-----BEGIN …-----")
                    .hint("openssl converts other formats: openssl x509 -inform der, openssl pkcs12 -nodes"));
        }
        return blocks;
    }

    private static String text(Path file, String operation) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new Failure.Usage(Problem.in(operation).found("it is larger than " + FILE_BYTES_MAX + " bytes"));
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new Failure.Unreachable(Problem.in(operation).found("it is not there")).because(e);
        } catch (java.nio.file.AccessDeniedException e) {
            throw new Failure.Unreachable(Problem.in(operation)
                            .found("no permission to read it")
                            .hint("run medic as a user that may, often root"))
                    .because(e);
        } catch (IOException e) {
            throw new Failure.Unreachable(Problem.in(operation).found(e.toString())).because(e);
        }
    }
}
