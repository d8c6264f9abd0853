package io.etcdmedic.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for servers that a test starts: below those that the kernel hands to clients, so that no connection takes one
/// between the choice and the server's start.
///
/// Each process has a part of its own, and hands its ports out in turn: neither another test nor another run takes one
/// meanwhile.
public final class Ports {
    private static final int LOWEST = 15_000;
    private static final int PART = 1_000;
    private static final int PARTS = 17;
    private static final int FIRST =
            LOWEST + PART * (int) (ProcessHandle.current().pid() % PARTS);
    private static final AtomicInteger HANDED_OUT = new AtomicInteger();

    private Ports() {}

    /// A port of the loopback address on which nothing listens.
    public static int free() {
        for (int i = 0; i < PART; i++) {
            int port = FIRST + HANDED_OUT.getAndIncrement() % PART;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // The next one, then.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " on");
    }
}
