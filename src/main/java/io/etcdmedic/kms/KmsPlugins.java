package io.etcdmedic.kms;

import io.etcdmedic.codec.encryption.KeyService;
import io.etcdmedic.codec.encryption.Provider;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The plugins that a configuration names, each connected to when it is first asked.
public final class KmsPlugins implements KeyService.Opener, AutoCloseable {
    private final List<KmsPlugin> opened = new ArrayList<>();
    private Optional<EventLoopGroup> loop = Optional.empty();

    @Override
    public synchronized KeyService open(Provider.Kms provider) {
        if (loop.isEmpty()) {
            Silence.LOGGING.setLevel(Level.OFF);
            loop = Optional.of(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()));
        }
        KmsPlugin plugin = new KmsPlugin(provider, loop.get());
        opened.add(plugin);
        return plugin;
    }

    @Override
    public synchronized void close() {
        opened.forEach(KmsPlugin::close);
        loop.ifPresent(
                group -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS));
    }

    private static final class Silence {
        /// Netty warns of a TCP option that gRPC sets on every socket, and standard error is for the operator. The
        /// field keeps the logger, which java.util.logging would forget with its level.
        static final Logger LOGGING = Logger.getLogger("io.netty.bootstrap");
    }
}
