package io.etcdmedic.installation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The command of a static pod's manifest, as kubeadm, k3s and RKE2 write them: one list item a line.
///
/// Not a YAML reader: it takes the `- …` items of the `command:` and `args:` lists and the first `image:`.
/// A manifest in another style gives no argument list, which is said, not guessed.
record StaticPod(List<String> argv, String image) {

    static Optional<StaticPod> read(String manifest) {
        List<String> argv = new ArrayList<>();
        String image = "";
        int listIndent = -1;
        for (String line : manifest.lines().toList()) {
            String text = line.strip();
            int indent = line.length() - line.stripLeading().length();
            String key = text.startsWith("- ") ? text.substring(2).strip() : text;
            if (key.equals("command:") || key.equals("args:")) {
                listIndent = text.startsWith("- ") ? indent + 2 : indent;
            } else if (listIndent >= 0 && text.startsWith("- ") && indent >= listIndent) {
                argv.add(unquoted(text.substring(2).strip()));
            } else if (!text.isEmpty() && !text.startsWith("#")) {
                listIndent = -1;
                if (key.startsWith("image:") && image.isEmpty()) {
                    image = unquoted(key.substring("image:".length()).strip());
                }
            }
        }
        return argv.isEmpty() ? Optional.empty() : Optional.of(new StaticPod(argv, image));
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2
                && (text.startsWith("\"") && text.endsWith("\"") || text.startsWith("'") && text.endsWith("'"));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
