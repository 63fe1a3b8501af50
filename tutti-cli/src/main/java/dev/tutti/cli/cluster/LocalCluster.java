package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.embedded.DirectoryLock;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.FileStorageSettings;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.config.RedisConnectionSettings;
import dev.tutti.server.config.SecretFile;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.WorkSettings;
import dev.tutti.server.storage.DataDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A running cluster: a database, on request Redis, the workers and the balancer before them, started in this order by
 * {@link #start} and ended in the reverse one by {@link #close}. Its processes are kept running by threads of their own;
 * the methods are for one thread.
 */
public final class LocalCluster implements AutoCloseable {
    private static final String NAME = "cluster";

    /** The time that the others get to end in, once the workers have used up all of theirs. */
    private static final Duration SHARE_OF_OTHERS = Duration.ofSeconds(60);

    private static final Duration REDIS_START_LIMIT = Duration.ofSeconds(20);
    private static final Duration REDIS_END_LIMIT = Duration.ofSeconds(10);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);

    /** The database's connections for each worker when nobody says how many there may be. */
    private static final int CONNECTIONS_PER_WORKER = 6;

    private final LocalClusterSettings settings;
    private final Configuration configuration;
    private final Path directory;
    private final LongSupplier ticker = System::nanoTime;
    private final StatusLines lines;
    private final ProcessRegistry registry;
    private final Lifecycle parts;
    private final Address listen;
    private final Balancer balancer;
    private final WorkerProcesses workers;

    private LocalCluster(
            LocalClusterSettings settings,
            Configuration configuration,
            Path directory,
            StatusLines lines,
            Lifecycle parts)
            throws IOException, InterruptedException {
        this.settings = settings;
        this.configuration = configuration;
        this.directory = directory;
        this.lines = lines;
        this.parts = parts;
        registry = new ProcessRegistry(directory.resolve("processes"));
        endLeftOvers();
        listen = listen();
        if (isAsked()) {
            FreePorts.requireFree(listen, ServerSettings.PORT);
        }
        OperatorPorts operator =
                OperatorPorts.of(configuration.value(ServerSettings.OPERATOR_PORT), settings.workers(), listen);
        List<Integer> taken = new ArrayList<>(operator.all());
        taken.add(listen.port());
        Deque<Integer> ports = FreePorts.free(settings.workers() + 1, taken);
        balancer = balancer();
        Map<String, String> shared = shared(ports);
        parts.started("balancer", () -> balancer.end(SHARE_OF_OTHERS.dividedBy(4)));
        workers = workers(shared, ports, operator);
        parts.started("workers", workers::end);
        workers.start();
        balancer.start(workers.all());
        parts.started("control", ControlServer.start(ControlFile.in(directory), new Operations(workers, balancer)));
        lines.print(
                NAME,
                settings.workers() + (settings.workers() == 1 ? " worker" : " workers") + whereTo(operator)
                        + "; Ctrl-C ends it all");
    }

    /** Whether anything is asked for at PORT: clients are answered, or health and metrics have no ports of their own. */
    private boolean isAsked() {
        return configuration.value(WorkSettings.APP_MODE).answersClients()
                || configuration.value(ServerSettings.OPERATOR_PORT).isEmpty();
    }

    private String whereTo(OperatorPorts operator) {
        if (!isAsked()) {
            List<String> own = operator.all().stream()
                    .map(port -> Address.loopback(port).toString())
                    .toList();
            return " without a balancer: health and metrics at " + String.join(", ", own);
        }
        return " behind " + balancer.name()
                + (configuration.value(WorkSettings.APP_MODE).answersClients()
                        ? ": open " + listen.page() + " in a browser"
                        : ": health and metrics at " + listen.page());
    }

    /**
     * Starts a cluster and tells {@code out} what happens, one line per event. Blocks until it can be used, or leaves
     * nothing behind. Processes that an earlier, killed cluster has left behind are ended first.
     *
     * @throws TuttiException if it cannot start; the message says what to do
     * @throws InterruptedException if the thread is interrupted, which ends the start
     */
    public static LocalCluster start(LocalClusterSettings settings, Configuration configuration, PrintWriter out)
            throws InterruptedException {
        Path directory = directory(configuration.value(DatabaseSettings.DATA_DIR));
        Lifecycle parts = new Lifecycle(endsWithin(configuration));
        try {
            Files.createDirectories(directory);
            parts.started("lock", DirectoryLock.take(directory));
            return new LocalCluster(settings, configuration, directory, new StatusLines(out), parts);
        } catch (IOException failure) {
            TuttiException told = new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the cluster does not start in " + directory + ": " + failure.getMessage(),
                    failure);
            parts.rollBack(told);
            throw told;
        } catch (RuntimeException | Error | InterruptedException failure) {
            parts.rollBack(failure);
            throw failure;
        }
    }

    /**
     * How long {@link #close} may take, and a start to end that is interrupted. Twice the workers' budget, which they do not use up:
     * of the whole a lifecycle reserves up to half for the parts that are closed after them.
     */
    public static Duration endsWithin(Configuration configuration) {
        return configuration
                .value(ServerSettings.SHUTDOWN_BUDGET)
                .multipliedBy(2)
                .plus(SHARE_OF_OTHERS);
    }

    /** Where the cluster with its data in {@code data} keeps what it needs while it runs. */
    static Path directory(Path data) {
        return data.toAbsolutePath().normalize().resolve(NAME);
    }

    /**
     * Ends everything: the balancer accepts nothing more, the workers finish what they have, then the rest. Takes at most
     * twice the workers' TUTTI_SHUTDOWN_BUDGET and a minute. Idempotent.
     *
     * @throws TuttiException if some parts did not end; the causes are its suppressed exceptions
     */
    @Override
    public void close() {
        lines.print(NAME, "ending");
        balancer.leave();
        parts.close();
        lines.print(NAME, "ended");
    }

    /**
     * Has each worker read again what may have changed; those that start do so when they are ready. Safe for use by many
     * threads.
     */
    public void reload() {
        lines.print(NAME, "has the workers read again what may have changed");
        workers.reload();
    }

    private void endLeftOvers() throws IOException {
        for (ProcessRegistry.Entry left : registry.endLeftOvers()) {
            lines.print(left.name(), "was left running by a cluster that was killed; ended (pid " + left.pid() + ")");
        }
    }

    private Address listen() throws IOException {
        int port = configuration.value(ServerSettings.PORT);
        return new Address(
                configuration.value(ServerSettings.HOST),
                port == 0 ? FreePorts.free(1).pop() : port);
    }

    private Balancer balancer() {
        if (!isAsked()) {
            return new NoBalancer();
        }
        BalancerParts ours = new BalancerParts(listen, directory, registry, lines, ticker);
        return switch (settings.balancing()) {
            case NGINX -> new NginxBalancer(Programs.require("nginx", "--balancer nginx"), ours);
            case HAPROXY -> new HaproxyBalancer(Programs.require("haproxy", "--balancer haproxy"), ours);
            case LIBRARY -> new LibraryBalancer(ours);
            case AUTO -> installed(ours);
        };
    }

    /** HAProxy first: it needs no reload when a worker leaves. */
    private static Balancer installed(BalancerParts ours) {
        Optional<String> haproxy = Programs.find("haproxy");
        Optional<String> nginx = Programs.find("nginx");
        if (haproxy.isPresent()) {
            return new HaproxyBalancer(haproxy.get(), ours);
        }
        return nginx.isPresent() ? new NginxBalancer(nginx.get(), ours) : new LibraryBalancer(ours);
    }

    /**
     * The settings that all workers share, and that the configuration does not say or says of the cluster as a whole. The database is
     * started, and Redis at one of {@code ports} if there is to be one.
     */
    private Map<String, String> shared(Deque<Integer> ports) throws IOException, InterruptedException {
        Map<String, String> shared = new HashMap<>();
        shared.put(IdentitySettings.JWT_SECRET.name(), tokenSecret());
        shared.put(DatabaseSettings.DATABASE_URL.name(), databaseUrl());
        shared.put(DatabaseSettings.DB_MAX_CONNECTIONS.name(), Integer.toString(connections()));
        if (configuration.value(DatabaseSettings.DATABASE_URL).isEmpty()
                && configuration.value(FileStorageSettings.PROVIDER).isEmpty()) {
            shared.put(FileStorageSettings.PROVIDER.name(), "local"); // one machine, one directory
            shared.put(FileStorageSettings.LOCAL_PATH.name(), files().toString());
        }
        if (settings.redis()) {
            shared.put(RedisConnectionSettings.URL.name(), redis(Address.loopback(ports.pop())));
        }
        return shared;
    }

    /** The directory of uploaded files, absolute. */
    private Path files() {
        return configuration
                .value(FileStorageSettings.LOCAL_PATH)
                .orElseGet(() -> configuration.value(DatabaseSettings.DATA_DIR).resolve("files"))
                .toAbsolutePath();
    }

    private String tokenSecret() {
        return configuration.value(IdentitySettings.JWT_SECRET).orElseGet(DataDirectory.of(configuration)::tokenSecret);
    }

    private String databaseUrl() {
        Optional<String> url = configuration.value(DatabaseSettings.DATABASE_URL);
        if (url.isPresent()) {
            lines.print("postgres", "the one of DATABASE_URL");
            return url.get();
        }
        EmbeddedDatabase database = parts.started(
                "embedded PostgreSQL",
                EmbeddedDatabase.start(DataDirectory.of(configuration).database(connections())));
        lines.print("postgres", "ready (" + StatusLines.seconds(database.startTime()) + ")");
        return database.url();
    }

    /** As configured; unless it is, more for more workers. */
    private int connections() {
        int configured = configuration.value(DatabaseSettings.DB_MAX_CONNECTIONS);
        boolean chosen =
                !configuration.entry(DatabaseSettings.DB_MAX_CONNECTIONS).from().equals("default");
        return chosen ? configured : Math.max(configured, settings.workers() * CONNECTIONS_PER_WORKER);
    }

    /** Starts Redis, and answers where it is. Its password is in a file and in the workers' environment: not in what ps shows. */
    private String redis(Address address) throws IOException, InterruptedException {
        String password = SecretFile.random();
        Path secrets = directory.resolve("redis.conf");
        SecretFile.write(secrets, "requirepass " + password + "\n");
        List<String> command = new ArrayList<>();
        command.addAll(List.of(Programs.require("redis-server", "--redis"), secrets.toString()));
        command.addAll(List.of("--bind", address.host(), "--port", Integer.toString(address.port())));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--loglevel", "warning"));
        command.addAll(List.of("--logfile", directory.resolve("redis.log").toString()));
        Supervisor redis = new Supervisor(
                new SupervisedProgram("redis", command, Map.of(), directory, address, Signal.TERM, address::accepts),
                registry,
                lines,
                ticker);
        parts.started("Redis", () -> redis.end(REDIS_END_LIMIT));
        if (!redis.start().awaitReady(REDIS_START_LIMIT)) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE, "Redis does not start; it says why in " + directory.resolve("redis.log"));
        }
        return "redis://:" + password + "@" + address;
    }

    private WorkerProcesses workers(Map<String, String> shared, Deque<Integer> ports, OperatorPorts operator) {
        HttpClient http = parts.started(
                "health checks",
                HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build());
        WorkerProgram program = new WorkerProgram(configuration, shared, settings.workers(), http);
        String prefix = configuration.value(ServerSettings.INSTANCE_ID).orElse("worker");
        List<Supervisor> keepers = new ArrayList<>();
        for (int number = 1; number <= settings.workers(); number++) {
            SupervisedProgram worker =
                    program.at(prefix + "-" + number, Address.loopback(ports.pop()), operator.number(number));
            keepers.add(new Supervisor(worker, registry, lines, ticker));
        }
        return new WorkerProcesses(keepers, configuration.value(ServerSettings.SHUTDOWN_BUDGET));
    }
}
