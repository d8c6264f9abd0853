package io.etcdmedic.command.inspect;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.codec.Display;
import io.etcdmedic.document.Json;
import io.etcdmedic.document.JsonOutput;
import io.etcdmedic.failure.ExitCode;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A line of JSON for each key: `{"key","modRevision","object"}`, or `"error"` for what cannot be decoded.
///
/// Decoded on every core, in order, with a bounded number of lines ahead of the reader.
final class JsonRows implements Iterator<Bytes> {
    private static final int RUN_KEYS_MAX = 256;
    private static final long RUN_BYTES_MAX = 1 << 20;

    private final Iterator<Entry> entries;
    private final Display display;
    private final Deque<Future<Bytes>> ahead = new ArrayDeque<>();
    private final int aheadMax;
    private final ExecutorService workers;

    JsonRows(Iterator<Entry> entries, Display display) {
        this.entries = entries;
        this.display = display;
        int cores = Math.min(8, Runtime.getRuntime().availableProcessors());
        this.aheadMax = 2 * cores;
        this.workers = Executors.newFixedThreadPool(
                cores, Thread.ofPlatform().daemon().name("medic-decode-", 0).factory());
    }

    @Override
    public boolean hasNext() {
        while (ahead.size() < aheadMax && entries.hasNext()) {
            List<Entry> run = run();
            ahead.add(workers.submit(() -> lines(run)));
        }
        if (ahead.isEmpty()) {
            workers.shutdown();
        }
        return !ahead.isEmpty();
    }

    private List<Entry> run() {
        List<Entry> run = new ArrayList<>();
        long bytes = 0;
        while (entries.hasNext() && run.size() < RUN_KEYS_MAX && bytes < RUN_BYTES_MAX) {
            Entry entry = entries.next();
            run.add(entry);
            bytes += entry.value().length();
        }
        return run;
    }

    @Override
    public Bytes next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            return ahead.remove().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Interrupted(
                    ExitCode.INTERRUPTED, Problem.in("writing the values").found("interrupted"));
        }
    }

    private Bytes lines(List<Entry> run) {
        JsonOutput out = new JsonOutput(64 << 10);
        Display.Writer writer = display.writer(out);
        run.forEach(entry -> line(entry, writer, out));
        return out.toBytes();
    }

    private static void line(Entry entry, Display.Writer writer, JsonOutput out) {
        out.beginMapping();
        Shown.keyFields(entry.key()).forEach((name, value) -> {
            out.key(name);
            Json.write(value, out);
        });
        out.key("modRevision");
        out.whole(entry.modRevision().number());
        int mark = out.length();
        try {
            out.key("object");
            writer.append(entry);
        } catch (Failure failure) {
            out.truncate(mark);
            out.key("error");
            out.text(failure.problem().message());
        }
        out.endMapping();
        out.finish();
        out.put((byte) '\n');
    }
}
