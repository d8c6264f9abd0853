package io.etcdmedic.node;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// An image of one empty layer as an OCI layout in a tar: what `ctr image import` takes.
final class PauseImage {
    private PauseImage() {}

    static Path write(Path file, String reference) throws IOException {
        Bytes layer = Bytes.owned(new byte[1024]);
        Bytes config = Bytes.utf8(
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Entrypoint\":[\"/pause\"]},\"rootfs\":{\"type\":\"layers\","
                        + "\"diff_ids\":[\"sha256:" + Sha256.of(layer).hex() + "\"]}}");
        Bytes manifest = Bytes.utf8(
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                        + descriptor("application/vnd.oci.image.config.v1+json", config) + ",\"layers\":["
                        + descriptor("application/vnd.oci.image.layer.v1.tar", layer) + "]}");
        String listed = descriptor("application/vnd.oci.image.manifest.v1+json", manifest);
        Bytes index = Bytes.utf8("{\"schemaVersion\":2,\"manifests\":[" + listed.substring(0, listed.length() - 1)
                + ",\"annotations\":{\"io.containerd.image.name\":\"" + reference + "\"}}]}");
        Map<String, Bytes> files = new LinkedHashMap<>();
        files.put("oci-layout", Bytes.utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
        files.put("index.json", index);
        for (Bytes blob : new Bytes[] {config, manifest, layer}) {
            files.put("blobs/sha256/" + Sha256.of(blob).hex(), blob);
        }
        return Files.write(file, tar(files));
    }

    private static String descriptor(String type, Bytes content) {
        return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d}"
                .formatted(type, Sha256.of(content).hex(), content.length());
    }

    /// Source: POSIX ustar.
    private static byte[] tar(Map<String, Bytes> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, Bytes> file : files.entrySet()) {
            byte[] header = new byte[512];
            put(header, 0, file.getKey());
            put(header, 100, "0000644");
            put(header, 108, "0000000");
            put(header, 116, "0000000");
            put(header, 124, "%011o".formatted(file.getValue().length()));
            put(header, 136, "00000000000");
            put(header, 148, "        ");
            header[156] = '0';
            put(header, 257, "ustar");
            put(header, 263, "00");
            int sum = 0;
            for (byte b : header) {
                sum += b & 0xff;
            }
            put(header, 148, "%06o\0 ".formatted(sum));
            out.write(header);
            file.getValue().writeTo(out);
            out.write(new byte[(512 - file.getValue().length() % 512) % 512]);
        }
        out.write(new byte[1024]);
        return out.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
