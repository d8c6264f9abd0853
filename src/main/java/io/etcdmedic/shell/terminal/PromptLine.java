package io.etcdmedic.shell.terminal;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.command.Session;
import io.etcdmedic.command.SharedOptions;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.DisplayWidth;
import io.etcdmedic.shell.Interpreter;
import java.nio.file.Path;
import java.util.Optional;

/// The prompt: which source, which revision of it, whether anything can be written, and the folder.
///
/// `medic snap.db@1027 read-only /registry/services> `, `medic etcd 10.0.0.1:2379 cdf818194e3a8c32@88 > `.
record PromptLine(Interpreter interpreter, Optional<SourceNews.News> news) {

    /// @param width of the terminal: a prompt that would fill more than half of it gets a line of its own
    String text(int width, Console console) {
        String source = sourceName(interpreter, news.map(SourceNews.News::source));
        String cluster = news.map(SourceNews.News::clusterId)
                .filter(id -> !id.isEmpty() && interpreter.opened().isLive())
                .map(id -> " " + id)
                .orElse("");
        String place = interpreter.place().map(at -> " " + at).orElse("");
        String plain = Escape.line("medic " + source + cluster + revision() + writing() + place);
        String shown = console.bold(literally(plain));
        // A terminal that does not say how wide it is gets one line.
        return width > 0 && DisplayWidth.of(plain) > width / 2 ? shown + "\n> " : shown + "> ";
    }

    /// `text` as it is: JLine takes `%` for the beginning of a pattern of its own.
    static String literally(String text) {
        return text.replace("%", "%%");
    }

    private String revision() {
        if (news.isEmpty()) {
            return "";
        }
        SourceNews.News known = news.get();
        if (known.trouble().isPresent()) {
            return interpreter.opened().options().namesTarget()
                            || !known.trouble().get().contains("none is named")
                    ? " (unreachable)"
                    : "";
        }
        return known.revision().map(r -> "@" + r + (known.fresh() ? "" : "?")).orElse("");
    }

    private String writing() {
        Session opened = interpreter.opened();
        boolean file = opened.options().snapshot().isPresent();
        return file || opened.readOnly() ? " read-only" : "";
    }

    /// What the operator calls the source: a profile, a file, an endpoint.
    ///
    /// @param answered the name by which it answered: that of a source that no option names
    static String sourceName(Interpreter interpreter, Optional<String> answered) {
        Session opened = interpreter.opened();
        SharedOptions options = opened.options();
        Optional<String> file = options.snapshot().map(Path::getFileName).map(Path::toString);
        String variable = opened.isLive() ? opened.environment().getOrDefault("ETCDCTL_ENDPOINTS", "") : "";
        Optional<String> endpoint = options.etcd().endpoints().stream()
                .findFirst()
                .or(() -> Optional.of(variable))
                .filter(url -> !url.isEmpty())
                .or(() -> answered.filter(name -> opened.isLive() && !name.isEmpty()))
                .map(urls -> "etcd " + host(urls));
        return file.or(() -> options.etcd().profile()).or(() -> endpoint).orElse(opened.isLive() ? "etcd" : "demo");
    }

    /// Of the first of `urls`, which have commas between.
    private static String host(String urls) {
        int comma = urls.indexOf(',');
        String url = comma < 0 ? urls : urls.substring(0, comma);
        int scheme = url.indexOf("://");
        return scheme < 0 ? url : url.substring(scheme + 3);
    }
}
