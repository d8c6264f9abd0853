package io.etcdmedic.repair;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// A TCP proxy before an etcd, which can lose what the server answers.
final class TroubledProxy implements AutoCloseable {
    enum Mode {
        PASS,
        /// Requests arrive, answers are swallowed, and the connection is cut once one was.
        LOSE_ANSWERS,
        /// Nothing arrives either way.
        BLACK_HOLE
    }

    private final ServerSocket door;
    private final URI target;
    private final AtomicReference<Mode> mode = new AtomicReference<>(Mode.PASS);
    /// Bytes of answers that were swallowed, and of requests in a black hole.
    final AtomicLong lost = new AtomicLong();

    final AtomicLong requestBytesWhileTroubled = new AtomicLong();

    TroubledProxy(String target) throws IOException {
        this.target = URI.create(target);
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    void mode(Mode next) {
        mode.set(next);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target.getPort());
                Thread.ofVirtual().start(() -> pump(client, server, true));
                Thread.ofVirtual().start(() -> pump(server, client, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[1 << 14];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Mode now = mode.get();
                if (requests && now != Mode.PASS) {
                    requestBytesWhileTroubled.addAndGet(read);
                }
                boolean lose = now == Mode.BLACK_HOLE || now == Mode.LOSE_ANSWERS && !requests;
                if (!lose) {
                    out.write(buffer, 0, read);
                    out.flush();
                    continue;
                }
                lost.addAndGet(read);
                if (now == Mode.LOSE_ANSWERS && isData(buffer, read)) {
                    mode.set(Mode.PASS);
                    return;
                }
            }
        } catch (IOException gone) {
            // One side hung up: that ends this direction.
        }
    }

    /// Whether an HTTP/2 frame with an answer's content is among the bytes, and not only an acknowledgement.
    private static boolean isData(byte[] buffer, int read) {
        for (int at = 0; at + 9 <= read; ) {
            int length = (buffer[at] & 0xff) << 16 | (buffer[at + 1] & 0xff) << 8 | buffer[at + 2] & 0xff;
            if (buffer[at + 3] == 0 || buffer[at + 3] == 1) {
                return true;
            }
            at += 9 + length;
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
