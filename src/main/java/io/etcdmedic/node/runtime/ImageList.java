package io.etcdmedic.node.runtime;

import io.etcdmedic.host.ToolAnswer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `ctr images ls` says.
///
/// @param trouble why it said nothing; empty when it answered
public record ImageList(List<Image> images, String trouble) {
    /// The label with which containerd's CRI plugin tells the kubelet not to collect an image, whatever reference of
    /// the image carries it. Source: containerd internal/cri/labels.
    public static final String PIN = "io.cri-containerd.pinned=pinned";

    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+\\S+\\s+(sha256:[0-9a-f]{64})\\s+(.*)");

    public ImageList {
        images = List.copyOf(images);
    }

    /// @param reference the name that it was imported or pulled by
    /// @param digest of its manifest
    /// @param pinned whether this reference carries [#PIN]
    public record Image(String reference, String digest, boolean pinned) {}

    public static ImageList of(ToolAnswer answer) {
        if (!(answer instanceof ToolAnswer.Ran ran) || !ran.ok()) {
            return new ImageList(List.of(), "ctr images ls: " + answer.trouble());
        }
        return new ImageList(
                ran.stdout().lines().flatMap(line -> image(line).stream()).toList(), "");
    }

    private static Optional<Image> image(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        return matcher.matches()
                ? Optional.of(new Image(
                        matcher.group(1),
                        matcher.group(2),
                        List.of(matcher.group(3).split("[\\s,]+")).contains(PIN)))
                : Optional.empty();
    }

    public Optional<Image> named(String reference) {
        return images.stream().filter(i -> i.reference().equals(reference)).findFirst();
    }

    /// Whether any reference of the same image carries the pin.
    public boolean isPinned(Image image) {
        return images.stream().anyMatch(other -> other.digest().equals(image.digest()) && other.pinned());
    }
}
