package io.etcdmedic.host;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// The signals that ask a program to stop, caught as long as this is open, so that what was begun is ended cleanly.
public final class Signals implements AutoCloseable {
    private final AtomicReference<Optional<Caught>> caught = new AtomicReference<>(Optional.empty());
    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();

    /// Which signal came first.
    public enum Caught {
        HUP,
        INT,
        TERM
    }

    /// @param told is run once, when the first one comes; from another thread
    public static Signals open(Runnable told) {
        Signals signals = new Signals();
        for (Caught kind : Caught.values()) {
            Signal signal = new Signal(kind.name());
            try {
                signals.before.put(signal, Signal.handle(signal, _ -> {
                    if (signals.caught.compareAndSet(Optional.empty(), Optional.of(kind))) {
                        told.run();
                    }
                }));
            } catch (IllegalArgumentException reserved) {
                // The virtual machine was started so that it keeps this signal for itself (-Xrs, nohup).
            }
        }
        return signals;
    }

    public Optional<Caught> first() {
        return caught.get();
    }

    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
