package io.etcdmedic.command;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.command.connect.Connections;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.Report;
import io.etcdmedic.repair.state.StateFolder;
import io.etcdmedic.snapshot.Salvage;
import io.etcdmedic.snapshot.SalvagedKeyspace;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One command's view of the world: its source, opened when first asked for, and how to answer.
public final class Session implements AutoCloseable {
    private final Surroundings surroundings;
    private final SharedOptions options;
    private final Deque<Cleaning> cleanings = new ArrayDeque<>();
    private Optional<Keyspace> keyspace = Optional.empty();
    private Optional<EtcdCluster> cluster = Optional.empty();
    private Optional<RegistryKeys> registry = Optional.empty();
    private Optional<KubeApi> api = Optional.empty();
    private Optional<Codec> codec = Optional.empty();

    public Session(Surroundings surroundings, SharedOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    public SharedOptions options() {
        return options;
    }

    public Console console() {
        return surroundings.console();
    }

    public Clock clock() {
        return surroundings.clock();
    }

    public Map<String, String> environment() {
        return surroundings.environment();
    }

    /// Who is asked before something is changed.
    public Prompt prompt() {
        return surroundings.prompt();
    }

    /// Journal, plans and archives.
    public StateFolder state() {
        return StateFolder.of(options.state().stateDir(), environment());
    }

    /// Whether every change is refused.
    public boolean readOnly() {
        return options.state().readOnly();
    }

    /// The name under which the connection was saved.
    public Optional<String> profileName() {
        return options.etcd().profile();
    }

    /// The form of output, `fallback` where none was asked for.
    public Format format(Format fallback) {
        return options.output().orElse(fallback);
    }

    /// The source that the operator chose: a live cluster or a file.
    ///
    /// @throws Failure.Usage when none is named
    public Keyspace keyspace() {
        if (keyspace.isEmpty()) {
            keyspace = Optional.of(open());
        }
        return keyspace.get();
    }

    /// Reads and writes stored values, with the types and keys that the options name.
    public Codec codec() {
        if (codec.isEmpty()) {
            codec = Optional.of(new CodecOpening(options.values(), this::atEnd).open(registry()));
        }
        return codec.get();
    }

    /// The source as a database file, for what only files know.
    public Optional<SnapshotKeyspace> file() {
        return keyspace() instanceof SnapshotKeyspace file ? Optional.of(file) : Optional.empty();
    }

    /// Where Kubernetes' objects lie in the source.
    public RegistryKeys registry() {
        if (registry.isEmpty()) {
            registry = Optional.of(
                    options.etcdPrefix().map(RegistryKeys::new).orElseGet(() -> PrefixDiscovery.in(keyspace())));
        }
        return registry.get();
    }

    /// Whether the source is a live cluster; the answer opens nothing.
    public boolean isLive() {
        return options.snapshot().isEmpty();
    }

    /// The live cluster that the operator chose.
    ///
    /// @throws Failure.Usage when none is named, or the source is a file
    public EtcdCluster cluster() {
        if (options.snapshot().isPresent()) {
            throw new Failure.Usage(Problem.in("choosing a source")
                    .found("the file " + options.snapshot().get())
                    .expected("a live cluster")
                    .hint("--endpoints URL instead of --snapshot FILE"));
        }
        if (cluster.isEmpty()) {
            EtcdCluster opened = EtcdCluster.open(Connections.of(options.etcd(), environment()));
            atEnd(opened::close);
            cluster = Optional.of(opened);
        }
        return cluster.get();
    }

    /// The Kubernetes API that the operator named; nothing is asked yet.
    public Optional<ApiReading> api() {
        if (api.isEmpty()) {
            api = options.api().access(environment()).map(KubeApi::open);
            api.ifPresent(opened -> atEnd(opened::close));
        }
        return api.map(opened -> opened);
    }

    private Keyspace open() {
        if (options.snapshot().isPresent() && !options.etcd().endpoints().isEmpty()) {
            throw new Failure.Usage(Problem.in("choosing a source")
                    .found("two are named, --snapshot and --endpoints")
                    .expected("one"));
        }
        return options.snapshot().map(this::openFile).orElseGet(() -> cluster().keyspace());
    }

    /// A database file as it is, or what can be salvaged from it, which is said.
    private Keyspace openFile(Path file) {
        if (options.salvage().isEmpty()) {
            return SnapshotFile.open(file);
        }
        Salvage.Certainty least = options.salvage().get();
        SalvagedKeyspace salvaged = Salvage.of(file).believing(least);
        for (Salvage.Certainty certainty : Salvage.Certainty.values()) {
            long keys = salvaged.keysWith(certainty);
            if (keys > 0) {
                String left = certainty.compareTo(least) <= 0
                        ? ""
                        : " (left out; --salvage=" + certainty.name().toLowerCase(Locale.ROOT) + " takes them in)";
                console().err().println("medic: salvaged keys, " + certainty.words() + ": " + keys + left);
            }
        }
        return salvaged;
    }

    /// What another command answers about the database file `snapshot`; it stays open as long as this session.
    ///
    /// @param words a command's name and its arguments
    public Report ask(Path snapshot, List<String> words) {
        Catalog.Row row = Catalog.find(words.getFirst(), "").orElseThrow();
        Command command = row.make().get();
        Parsed parsed = new Parsed();
        parsed.command(row, command, words.subList(1, words.size()));
        Session session = new Session(surroundings, parsed.shared().withSnapshot(snapshot));
        atEnd(session::close);
        return command.run(session);
    }

    /// Runs `cleaning` when the session ends; what was added last runs first.
    public void atEnd(Cleaning cleaning) {
        cleanings.addFirst(cleaning);
    }

    /// Work for the end of a session.
    @FunctionalInterface
    public interface Cleaning {
        void run() throws IOException;
    }

    @Override
    public void close() {
        keyspace.ifPresent(Keyspace::close);
        for (Cleaning cleaning : cleanings) {
            try {
                cleaning.run();
            } catch (IOException e) {
                throw new Failure.Unreachable(Problem.in("cleaning up").found(e.toString())).because(e);
            }
        }
    }
}
