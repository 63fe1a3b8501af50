package dev.tutti.faults.cluster;

import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.nemesis.FaultTarget;
import dev.tutti.testkit.nemesis.Link;
import dev.tutti.testkit.nemesis.Link.End;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.RedisProcess;
import dev.tutti.testkit.process.Signals;
import dev.tutti.testkit.proxy.FaultProxy;
import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Instances over one PostgreSQL, and one Redis if asked for, with a fault proxy on every link. Safe for use by many
 * threads; methods block.
 */
public final class FaultCluster implements FaultTarget, AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration SHUTDOWN_BUDGET = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(100);
    /** So little of a room that who is away for some seconds finds a gap. */
    private static final String RETENTION = "conversation=3650d,user=90d,room=30d/40,*=30d";

    private static final String NAME = "instance-";

    private final FaultClusterSettings settings;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Map<Link, FaultProxy> proxies = new LinkedHashMap<>();
    private final List<Instance> instances = new ArrayList<>();
    private final List<URI> direct = new ArrayList<>();
    private final List<URI> proxied = new ArrayList<>();
    private final EmbeddedDatabase database;
    private final @Nullable RedisProcess redis;
    private final Troubles troubles;
    private final Queue<Process> hungry = new ConcurrentLinkedQueue<>();

    private FaultCluster(FaultClusterSettings settings) throws IOException, InterruptedException {
        this.settings = settings;
        this.troubles = new Troubles(settings.instances());
        try {
            Files.createDirectories(settings.directory());
            database = started(EmbeddedDatabase.start(
                    EmbeddedSettings.in(settings.directory().resolve("postgres"))
                            .withBinaries(settings.binaries())));
            redis = settings.redis() ? started(RedisProcess.server(settings.directory())) : null;
            String secret = UUID.randomUUID() + "-" + UUID.randomUUID();
            for (int i = 0; i < settings.instances(); i++) {
                addInstance(i, secret);
            }
        } catch (IOException | InterruptedException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Starts everything at once; {@link #awaitReady} says when an instance can be used. Blocks while PostgreSQL starts. */
    public static FaultCluster start(FaultClusterSettings settings) throws IOException, InterruptedException {
        FaultCluster cluster = new FaultCluster(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end-cluster"));
        cluster.instances.forEach(Instance::revive);
        return cluster;
    }

    private void addInstance(int number, String secret) throws IOException {
        String name = name(number);
        Path directory = Files.createDirectories(settings.directory().resolve(name));
        int port = Ports.free();
        URI url = URI.create(database.url());
        FaultProxy toDatabase = proxy(new Link(number, End.DATABASE), url.getPort());
        Launch launch = Launch.tutti(settings.program(), directory, port)
                .with("INSTANCE_ID", name)
                .with("DATABASE_URL", database.url().replace(":" + url.getPort() + "/", ":" + toDatabase.port() + "/"))
                .with("DB_MAX_CONNECTIONS", Integer.toString(settings.connections()))
                .with("JWT_SECRET", secret)
                .with("TUTTI_ACCESS_TTL", "24h")
                .with("TUTTI_LEASE_TTL", "2s") // it runs out before others end the sessions of one who stands still
                .with("TUTTI_REGISTRATIONS_PER_ADDRESS", "1000000")
                .with("TUTTI_RETENTION", RETENTION)
                .with("TUTTI_SHUTDOWN_BUDGET", SHUTDOWN_BUDGET.toSeconds() + "s");
        if (redis != null) {
            FaultProxy toRedis = proxy(new Link(number, End.REDIS), redis.port());
            launch = launch.with("REDIS_URL", "redis://127.0.0.1:" + toRedis.port());
        }
        for (Map.Entry<String, String> variable : settings.environment().entrySet()) {
            launch = launch.with(variable.getKey(), variable.getValue());
        }
        FaultProxy toClients = proxy(new Link(number, End.CLIENTS), port);
        direct.add(launch.address());
        proxied.add(URI.create("http://127.0.0.1:" + toClients.port()));
        instances.add(started(new Instance(name, launch, SHUTDOWN_BUDGET)));
    }

    private FaultProxy proxy(Link link, int port) throws IOException {
        FaultProxy proxy = started(FaultProxy.to(port, 0));
        proxies.put(link, proxy);
        return proxy;
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.add(part);
        return part;
    }

    /** Where the instances are, without proxies. */
    public List<URI> direct() {
        return List.copyOf(direct);
    }

    /** Where clients shall connect to. */
    public List<URI> proxied() {
        return List.copyOf(proxied);
    }

    /** How much memory the instance has in RAM now, in bytes; 0 if it is not there. */
    public long residentBytes(int instance) throws IOException {
        return instances.get(instance).residentBytes();
    }

    /**
     * Whether the instance, its links to PostgreSQL and Redis, and these themselves have been let alone for {@code time}.
     * A kill or a leave of the instance does not count.
     */
    public boolean undisturbed(int instance, Duration time) {
        return undisturbed(instance, time, EnumSet.allOf(Trouble.class));
    }

    /** As {@link #undisturbed(int, Duration)}, if nothing but {@code kinds} counts. */
    public boolean undisturbed(int instance, Duration time, Set<Trouble> kinds) {
        return troubles.none(instance, time, kinds);
    }

    /** Whether the instance was ready after its last start, and has not been killed nor asked to leave since. */
    public boolean up(int instance) {
        return instances.get(instance).wasReady();
    }

    /** The name of the instance. */
    public String name(int instance) {
        return NAME + instance;
    }

    /** A sampler of what PostgreSQL knows of the instances. */
    public Sampler sessions() {
        return new Sampler(database);
    }

    /** A program that enqueues jobs by SQL. */
    public JobSampler jobs() {
        return new JobSampler(program("faults of jobs", JobSessions::create));
    }

    /** A program that does {@code setup} first whenever it has connected to PostgreSQL. */
    public DatabaseProgram program(String name, DatabaseProgram.Work<?> setup) {
        return new DatabaseProgram(database, name, setup);
    }

    /** How often the instance was started, the first time included. */
    public int starts(int instance) {
        return instances.get(instance).starts();
    }

    /** How often instances were started, the first time included. */
    public int starts() {
        return instances.stream().mapToInt(Instance::starts).sum();
    }

    /** Which instances behaved as they must not. */
    public List<Finding> findings() {
        return instances.stream()
                .flatMap(instance -> instance.findings().stream())
                .toList();
    }

    /** Puts all links right. */
    public void calm() {
        proxies.values().forEach(proxy -> proxy.become(LinkFault.CLEAR));
    }

    @Override
    public void kill(int instance) {
        instances.get(instance).kill();
    }

    @Override
    public void drain(int instance) throws InterruptedException {
        instances.get(instance).drain();
    }

    @Override
    public void revive(int instance) {
        instances.get(instance).revive();
    }

    @Override
    public boolean awaitReady(int instance) throws InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!instances.get(instance).wasReady() || !instances.get(instance).ready()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK);
        }
        return true;
    }

    @Override
    public void freeze(int instance) throws IOException {
        troubles.begin(instance, Trouble.FROZEN);
        instances.get(instance).freeze();
    }

    @Override
    public void thaw(int instance) throws IOException {
        instances.get(instance).thaw();
        troubles.end(instance, Trouble.FROZEN);
    }

    @Override
    public void disturb(Link link, LinkFault fault) {
        boolean away = fault instanceof LinkFault.Down; // which all have at once, see Disruption.Outage
        trouble(link, away).ifPresent(trouble -> troubles.begin(link.instance(), trouble));
        proxies(link).become(fault);
        if (fault.equals(LinkFault.CLEAR)) {
            trouble(link, true).ifPresent(trouble -> troubles.end(link.instance(), trouble));
            trouble(link, false).ifPresent(trouble -> troubles.end(link.instance(), trouble));
        }
    }

    private static Optional<Trouble> trouble(Link link, boolean away) {
        return switch (link.to()) {
            case CLIENTS -> Optional.empty();
            case DATABASE -> Optional.of(away ? Trouble.DATABASE_AWAY : Trouble.DATABASE_LINK);
            case REDIS -> Optional.of(away ? Trouble.REDIS_AWAY : Trouble.REDIS_LINK);
        };
    }

    @Override
    public void cut(Link link) {
        proxies(link).cut();
        trouble(link, false).ifPresent(trouble -> troubles.moment(link.instance(), trouble));
    }

    private FaultProxy proxies(Link link) {
        FaultProxy proxy = proxies.get(link);
        if (proxy == null) {
            throw new IllegalArgumentException("there is no link to " + link);
        }
        return proxy;
    }

    @Override
    public void starve(int programs) throws IOException {
        troubles.beginAll(Trouble.STARVED);
        for (int i = 0; i < programs; i++) {
            hungry.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
        }
    }

    @Override
    public void relieve() {
        hungry.forEach(Process::destroyForcibly);
        hungry.clear();
        troubles.endAll(Trouble.STARVED);
    }

    @Override
    public void crashDatabase() throws IOException {
        troubles.momentOfAll(Trouble.DATABASE_AWAY);
        // the signal with which PostgreSQL ends at once; whoever started it starts it again
        for (ProcessHandle postgres : Signals.postgresIn(settings.directory().resolve("postgres"))) {
            Signals.send("QUIT", postgres.pid());
        }
    }

    @Override
    public void terminateSessions() throws IOException {
        troubles.momentOfAll(Trouble.DATABASE_AWAY);
        try (DatabaseSessions sessions = DatabaseSessions.of(database)) {
            sessions.terminate();
        } catch (SQLException away) {
            // then there are none
        }
    }

    @Override
    public void flushRedis() throws IOException, InterruptedException {
        redis().flush();
    }

    @Override
    public void stopRedis() {
        troubles.beginAll(Trouble.REDIS_DOWN);
        redis().kill();
    }

    @Override
    public void startRedis() throws IOException, InterruptedException {
        redis().start();
        troubles.endAll(Trouble.REDIS_DOWN);
    }

    private RedisProcess redis() {
        if (redis == null) {
            throw new IllegalStateException("this cluster has no Redis");
        }
        return redis;
    }

    /** Ends everything at once, the last that was started first; so does the end of this JVM. Idempotent. */
    @Override
    public synchronized void close() {
        relieve();
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception failure) {
                System.err.println("could not close " + part + ": " + failure);
            }
        }
        parts.clear();
    }
}
