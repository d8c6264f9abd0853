package io.etcdmedic.command;

import io.etcdmedic.apiserver.ApiReading;
import io.etcdmedic.apiserver.KubeApi;
import io.etcdmedic.archive.ArchiveKeyspace;
import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.bytes.Escape;
import io.etcdmedic.bytes.Progress;
import io.etcdmedic.codec.Codec;
import io.etcdmedic.codec.Display;
import io.etcdmedic.codec.Redaction;
import io.etcdmedic.command.connect.Connections;
import io.etcdmedic.command.connect.Profiles;
import io.etcdmedic.etcd.EtcdCluster;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.Keyspace;
import io.etcdmedic.kubernetes.RegistryKeys;
import io.etcdmedic.render.Console;
import io.etcdmedic.render.Format;
import io.etcdmedic.render.ProgressBar;
import io.etcdmedic.repair.Stop;
import io.etcdmedic.repair.state.StateFolder;
import io.etcdmedic.snapshot.Salvage;
import io.etcdmedic.snapshot.SalvagedKeyspace;
import io.etcdmedic.snapshot.SnapshotFile;
import io.etcdmedic.snapshot.SnapshotKeyspace;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// One command's view of the world: its source, opened when first asked for, and how to answer.
public final class Session implements AutoCloseable {
    private final Surroundings surroundings;
    private final SharedOptions typed;
    private final SharedOptions options;
    private final Optional<Standing> standing;
    private final Share share;
    private final Deque<Cleaning> cleanings = new ArrayDeque<>();
    private Optional<Keyspace> keyspace = Optional.empty();
    private Optional<EtcdCluster> cluster = Optional.empty();
    private Optional<RegistryKeys> registry = Optional.empty();
    private Optional<KubeApi> api = Optional.empty();
    private Optional<CompletableFuture<KubeApi>> expected = Optional.empty();
    private Optional<Codec> codec = Optional.empty();
    private final Set<SnapshotKeyspace> watched = new HashSet<>();
    private final List<String> notes = new ArrayList<>();
    private final Redaction redaction = new Redaction(new SecureRandom());
    private boolean handedIn;
    private Optional<ApiReading> played = Optional.empty();

    /// What a line takes over from the session that it stands in.
    enum Share {
        NOTHING,
        SOURCE,
        /// The source, and how its values are read.
        ALL
    }

    public Session(Surroundings surroundings, SharedOptions options) {
        this.surroundings = surroundings;
        this.typed = options;
        this.options = withProfile(surroundings, options);
        this.standing = Optional.empty();
        this.share = Share.NOTHING;
    }

    /// A session over `keyspace`, which it closes.
    public static Session over(Surroundings surroundings, SharedOptions options, Keyspace keyspace) {
        Session session = new Session(surroundings, options);
        session.keyspace = Optional.of(keyspace);
        session.handedIn = true;
        return session;
    }

    /// A session over a cluster that is played in this process: `keyspace`, which it closes, and who answers for
    /// its API.
    public static Session played(Surroundings surroundings, SharedOptions options, Keyspace keyspace, ApiReading api) {
        Session session = over(surroundings, options, keyspace);
        session.played = Optional.of(api);
        return session;
    }

    /// The session of one line among many.
    ///
    /// @param typed the options of the line itself
    /// @param options those, and where they say nothing those of the session that it stands in
    Session(Surroundings surroundings, SharedOptions typed, SharedOptions options, Standing standing, Share share) {
        this.surroundings = surroundings;
        this.typed = typed;
        this.options = withProfile(surroundings, options);
        this.standing = Optional.of(standing);
        this.share = share;
    }

    /// The options, and where they say nothing those that the profile stands for.
    private static SharedOptions withProfile(Surroundings surroundings, SharedOptions options) {
        return options.etcd()
                .profile()
                .map(name -> Parsed.shared(
                        Profiles.of(surroundings.environment()).named(name).words()))
                .map(options::over)
                .orElse(options);
    }

    /// The session whose source this one uses; empty when it has its own.
    private Optional<Session> lender() {
        return share == Share.NOTHING ? Optional.empty() : standing.map(Standing::opened);
    }

    /// Whether the source is the one that other lines use too.
    public boolean usesSharedSource() {
        return lender().isPresent();
    }

    /// The folder that names without a leading slash start from; empty where keys are given whole.
    public Optional<Place> place() {
        return standing.flatMap(Standing::place);
    }

    /// The key, or the beginning of keys, that `word` means here.
    ///
    /// @throws Failure.Usage when an escape in it means nothing, or it is empty
    public Key key(String word) {
        Bytes bytes = place().orElse(Place.ROOT).resolve(word);
        if (bytes.isEmpty()) {
            throw new Failure.Usage(Problem.in("reading the key '" + word + "'")
                    .found("an empty key")
                    .expected("at least one byte"));
        }
        return new Key(bytes);
    }

    /// The namespace of an object whose name comes without one: that of the current folder, or `default`.
    public String namespace() {
        return place().flatMap(at -> registry().namespaceOf(at.path())).orElse("default");
    }

    public SharedOptions options() {
        return options;
    }

    /// The options of this line alone, without those that it takes over.
    public SharedOptions typed() {
        return typed;
    }

    public Console console() {
        return surroundings.console();
    }

    public Clock clock() {
        return surroundings.clock();
    }

    /// Whether the operator wants the command to end.
    public Stop stop() {
        return surroundings.stop();
    }

    public Surroundings surroundings() {
        return surroundings;
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
    public synchronized Keyspace keyspace() {
        if (lender().isPresent()) {
            return shown(lender().get().keyspace());
        }
        if (keyspace.isEmpty()) {
            keyspace = Optional.of(open());
        }
        return keyspace.get();
    }

    /// Reads and writes stored values, with the types and keys that the options name.
    public synchronized Codec codec() {
        if (share == Share.ALL && lender().isPresent()) {
            return lender().get().codec();
        }
        if (codec.isEmpty()) {
            codec = Optional.of(new CodecOpening(options.values(), isLive(), this::atEnd, this::note).open(registry()));
        }
        return codec.get();
    }

    /// Remembers what the operator should know of how the answer came about.
    private void note(String line) {
        notes.add("medic: " + line);
    }

    /// What was remembered, here and where this session borrows from, since it was last asked for.
    List<String> takeNotes() {
        List<String> taken = new ArrayList<>(lender().map(Session::takeNotes).orElse(List.of()));
        taken.addAll(notes);
        notes.clear();
        return taken;
    }

    /// As [#codec()], for files: without a source to find the registry's prefix in.
    public Codec fileCodec() {
        return new CodecOpening(options.values(), false, this::atEnd, this::note)
                .open(new RegistryKeys(options.etcdPrefix().orElse(RegistryKeys.KNOWN_PREFIXES.getFirst())));
    }

    /// Objects as this command line may show them.
    public Display display() {
        return display(codec());
    }

    /// As [#display()], of what `codec` reads.
    public Display display(Codec codec) {
        return new Display(codec, options.showSecrets() ? Optional.empty() : Optional.of(redaction));
    }

    /// The source as a database file, for what only files know.
    public Optional<SnapshotKeyspace> file() {
        return keyspace() instanceof SnapshotKeyspace file ? Optional.of(file) : Optional.empty();
    }

    /// Where Kubernetes' objects lie in the source.
    public synchronized RegistryKeys registry() {
        if (lender().isPresent()) {
            return lender().get().registry();
        }
        if (registry.isEmpty()) {
            registry = Optional.of(
                    options.etcdPrefix().map(RegistryKeys::new).orElseGet(() -> PrefixDiscovery.in(keyspace())));
        }
        return registry.get();
    }

    /// Whether the source is a live cluster; the answer opens nothing.
    public boolean isLive() {
        return lender().map(Session::isLive)
                .orElse(!handedIn && options.snapshot().isEmpty());
    }

    /// The live cluster that the operator chose.
    ///
    /// @throws Failure.Usage when none is named, or the source is a file
    public synchronized EtcdCluster cluster() {
        if (lender().isPresent()) {
            return lender().get().cluster();
        }
        if (options.snapshot().isPresent()) {
            throw new Failure.Usage(Problem.in("choosing a source")
                    .found("the file " + options.snapshot().get())
                    .expected("a live cluster")
                    .hint("--endpoints URL instead of --snapshot FILE"));
        }
        return connected();
    }

    /// The keys of the live cluster that the options name beside a database file, for comparing the two.
    public Keyspace liveBesideFile() {
        return connected().keyspace();
    }

    /// The database file that the options name beside a live cluster; it is this session's source from now on.
    ///
    /// @throws Failure.Usage when none is named
    public Keyspace fileBesideLive() {
        keyspace = keyspace.or(() -> options.snapshot().map(this::openFile));
        return keyspace.orElseThrow(() -> new Failure.Usage(Problem.in("choosing a source")
                .found("no database file to compare with the live cluster")
                .hint("name it: --snapshot FILE")));
    }

    /// The cluster that a saved connection leads to, whatever else the options name.
    public EtcdCluster cluster(String profile) {
        EtcdCluster opened = connect(withProfile(surroundings, options.withProfile(profile)));
        atEnd(opened::close);
        return opened;
    }

    private EtcdCluster connected() {
        if (cluster.isEmpty()) {
            EtcdCluster opened = connect(options);
            atEnd(opened::close);
            cluster = Optional.of(opened);
        }
        return cluster.get();
    }

    private EtcdCluster connect(SharedOptions named) {
        EtcdCluster opened =
                EtcdCluster.open(Connections.of(named.etcd(), environment(), surroundings.machine(), this::mention));
        try {
            named.etcd().profile().ifPresent(name -> {
                Profiles profiles = Profiles.of(environment());
                profiles.pin(profiles.named(name), opened.clusterId());
            });
            return opened;
        } catch (Failure another) {
            opened.close();
            throw another;
        }
    }

    /// Tells the operator something beside the answer, with everything escaped that a terminal would obey.
    public void mention(String words) {
        console().err().println(Escape.talk("medic: " + words));
    }

    /// The Kubernetes API that the operator named; nothing is asked yet.
    public synchronized Optional<ApiReading> api() {
        if (!typed.api().isNamed() && lender().isPresent()) {
            return lender().get().api();
        }
        if (played.isPresent()) {
            return played;
        }
        if (api.isEmpty()) {
            api = openedApi();
        }
        return api.map(opened -> opened);
    }

    /// Begins to open it beside whatever comes first, and asks whether it is ready: its client takes a second of
    /// one processor to load. What goes wrong is said by [#api].
    public synchronized void expectApi() {
        if (played.isEmpty() && api.isEmpty() && lender().isEmpty()) {
            expected = options.api()
                    .access(environment())
                    .map(access -> CompletableFuture.supplyAsync(() -> {
                        KubeApi opened = KubeApi.open(access);
                        opened.ready();
                        return opened;
                    }));
            expected.ifPresent(opening -> atEnd(() -> closeOnceOpen(opening)));
        }
    }

    private static void closeOnceOpen(CompletableFuture<KubeApi> opening) {
        var _ = opening.thenAccept(KubeApi::close);
    }

    private Optional<KubeApi> openedApi() {
        if (expected.isEmpty()) {
            Optional<KubeApi> opened = options.api().access(environment()).map(KubeApi::open);
            opened.ifPresent(now -> atEnd(now::close));
            return opened;
        }
        try {
            return Optional.of(expected.get().join());
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Failure failure ? failure : failed;
        }
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
        if (ArchiveKeyspace.looksLikeOne(file)) {
            return ArchiveKeyspace.open(file);
        }
        if (options.salvage().isEmpty()) {
            return shown(SnapshotFile.open(file));
        }
        Salvage.Certainty least = options.salvage().get();
        SalvagedKeyspace salvaged = salvaged(file).believing(least);
        for (Salvage.Certainty certainty : Salvage.Certainty.values()) {
            long keys = salvaged.keysWith(certainty);
            if (keys > 0) {
                String left = certainty.compareTo(least) <= 0
                        ? ""
                        : " (left out; --salvage=" + certainty.name().toLowerCase(Locale.ROOT) + " takes them in)";
                mention("salvaged keys, " + certainty.words() + ": " + keys + left);
            }
        }
        return salvaged;
    }

    private SalvagedKeyspace salvaged(Path file) {
        try (ProgressBar bar = progress("salvaging " + file, ProgressBar.Unit.BYTES)) {
            return Salvage.of(file, bar);
        }
    }

    /// A bar for the operator, whose work is to be called `label`.
    public ProgressBar progress(String label, ProgressBar.Unit unit) {
        return new ProgressBar(console(), label, unit);
    }

    /// Shows how far walks through the file `keyspace` are, until this session ends.
    public Keyspace shown(Keyspace keyspace) {
        if (console().talkTerminal() && keyspace instanceof SnapshotKeyspace file && watched.add(file)) {
            ProgressBar bar = progress("reading " + file.source().name(), ProgressBar.Unit.BYTES);
            file.tell(bar);
            atEnd(() -> {
                file.tell(Progress.UNSEEN);
                bar.close();
            });
        }
        return keyspace;
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
        List<Cleaning> all = new ArrayList<>(cleanings);
        keyspace.ifPresent(opened -> all.addFirst(opened::close));
        List<Exception> failed = new ArrayList<>();
        for (Cleaning cleaning : all) {
            try {
                cleaning.run();
            } catch (IOException | RuntimeException e) {
                failed.add(e);
            }
        }
        if (!failed.isEmpty()) {
            Exception first = failed.removeFirst();
            failed.forEach(first::addSuppressed);
            throw first instanceof RuntimeException known
                    ? known
                    : new Failure.Unreachable(Problem.in("cleaning up").found(first.toString())).because(first);
        }
    }
}
