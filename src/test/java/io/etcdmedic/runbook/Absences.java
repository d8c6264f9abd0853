package io.etcdmedic.runbook;

import io.etcdmedic.apiserver.ApiName;
import io.etcdmedic.apiserver.KubeApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks the API every few milliseconds whether objects are there, and remembers how long they were not.
public final class Absences implements AutoCloseable {
    private static final int EVERY_MILLIS = 4;
    private final Map<ApiName, Long> longestNanos = new HashMap<>();
    private final Map<ApiName, Long> goneSince = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    /// Why it stopped looking: a watcher that sees nothing proves nothing.
    private volatile @Nullable Exception blinded;

    private Absences(KubeApi api, List<ApiName> names) {
        this.thread = Thread.ofPlatform().start(() -> {
            try {
                while (!closed) {
                    names.forEach(name -> look(api, name));
                    Thread.sleep(EVERY_MILLIS);
                }
            } catch (RuntimeException | InterruptedException e) {
                blinded = e;
            }
        });
    }

    public static Absences watch(KubeApi api, ApiName... names) {
        return new Absences(api, List.of(names));
    }

    private synchronized void look(KubeApi api, ApiName name) {
        boolean there = api.get(name).isPresent();
        long now = System.nanoTime();
        if (!there) {
            goneSince.putIfAbsent(name, now);
        }
        Long since = goneSince.get(name);
        if (since != null) {
            longestNanos.merge(name, now - since, Math::max);
        }
        if (there) {
            goneSince.remove(name);
        }
    }

    /// From the first look that missed it to the first that found it again.
    public synchronized long longestMillis(ApiName name) {
        if (blinded != null) {
            throw new AssertionError("the API did not answer while it was watched", blinded);
        }
        return longestNanos.getOrDefault(name, 0L) / 1_000_000;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
