package dev.tutti.core.worker;

import dev.tutti.bus.Topics;
import dev.tutti.concurrent.Deadline;
import dev.tutti.member.Members;
import dev.tutti.worker.Worker;
import dev.tutti.worker.Workers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The workers of this instance, each of which runs under a lease. A shard is handed over when the instance to which it is assigned says on
 * the bus that it waits for the shard. Instances also tell each other on the bus which types of workers they run. Safe for use by many
 * threads; each worker has its own virtual thread.
 */
public final class ClusterWorkers implements Workers, AutoCloseable {
    /** The metric of the runs of workers that ended with an exception. */
    public static final String FAILED = "tutti.workers.failed";

    private static final String WANTED = "wanted";
    private static final int MAX_NAME = 100;
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final WorkerLeases leases;
    private final WorkerTypes running;
    private final Placement placement;
    private final WorkerSettings settings;
    private final Topics topics;
    private final UUID self;
    private final WorkerPermits permits;
    private final LongSupplier ticker;
    private final Counter failures;
    private final Set<String> types = new HashSet<>(); // guarded by this
    private final Map<String, WorkerSlot> slots = new ConcurrentHashMap<>(); // by their leases
    private boolean closed; // guarded by this

    /** The workers of this instance, as far as {@code settings} allow. */
    public ClusterWorkers(
            WorkerLeases leases, Members members, Topics.Source bus, WorkerSettings settings, MeterRegistry meters) {
        this(leases, members, bus, settings, System::nanoTime, meters);
    }

    /** As above; {@code ticker} is a monotonic clock in nanoseconds. */
    ClusterWorkers(
            WorkerLeases leases,
            Members members,
            Topics.Source bus,
            WorkerSettings settings,
            LongSupplier ticker,
            MeterRegistry meters) {
        this.leases = leases;
        this.settings = settings;
        this.ticker = ticker;
        this.self = members.self().process();
        this.permits = new WorkerPermits(settings.most());
        this.topics = bus.topics(Topics.Family.open("worker", 1), this::heard);
        this.running = new WorkerTypes(members, topics);
        this.placement = new Placement(members, running);
        topics.subscribe(WANTED);
        this.failures = Counter.builder(FAILED)
                .description("Runs of workers that ended with an exception")
                .register(meters);
        running.start();
    }

    @Override
    public void singleton(String type, Worker worker) {
        add(type, 1, worker, settings.runs(type), permits);
    }

    @Override
    public void sharded(String type, int shards, Worker worker) {
        add(type, shards, worker, settings.runs(type), permits);
    }

    /**
     * As {@link #sharded}, for a worker of Tutti's own. It runs at every instance that runs workers, whatever types these are, and does not
     * count towards {@link WorkerSettings#most}.
     */
    public void builtIn(String type, int shards, Worker worker) {
        add(type, shards, worker, settings.enabled(), new WorkerPermits(shards));
    }

    private synchronized void add(String type, int shards, Worker worker, boolean runs, WorkerPermits places) {
        if (type.isEmpty() || type.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "worker type '" + type + "'; allowed are 1 to " + MAX_NAME + " characters");
        }
        if (shards < 1 || shards > MAX_SHARDS) {
            throw new IllegalArgumentException(
                    "worker '" + type + "' has " + shards + " shards; allowed are 1 to " + MAX_SHARDS);
        }
        if (!types.add(type)) {
            throw new IllegalStateException("there is a worker of type '" + type + "' already");
        }
        if (shards > 1 && runs && !closed) {
            running.add(type);
        }
        for (int shard = 0; shard < shards && runs && !closed; shard++) {
            WorkerSlot slot = new WorkerSlot(this, type, shard, shards, worker, places);
            slots.put(slot.lease(), slot);
            slot.start();
        }
    }

    /** The types that the settings of this instance name, and that were not declared here. */
    public synchronized List<String> undeclared() {
        return settings.enabled()
                ? settings.types().stream()
                        .filter(type -> !types.contains(type))
                        .sorted()
                        .toList()
                : List.of();
    }

    /** Whether no worker of this instance has failed and waits for its next attempt. */
    public boolean isSound() {
        return slots.values().stream().noneMatch(WorkerSlot::isFailing);
    }

    WorkerLeases leases() {
        return leases;
    }

    Placement placement() {
        return placement;
    }

    /** The time now, by the ticker. */
    long now() {
        return ticker.getAsLong();
    }

    /** A run has failed. */
    void failed() {
        failures.increment();
    }

    /** Tells the instance that runs {@code lease} that this instance waits for it. */
    void want(String lease) {
        topics.publish(WANTED, (self + " " + lease).getBytes(StandardCharsets.UTF_8));
    }

    private void heard(String topic, byte[] payload) {
        if (topic.equals(WorkerTypes.TOPIC)) {
            running.heard(payload);
        } else {
            wanted(new String(payload, StandardCharsets.UTF_8));
        }
    }

    /** Somebody says that they wait for a lease: it is handed over only to a member who shall have it. */
    private void wanted(String message) {
        int end = message.indexOf(' ');
        if (end < 0) {
            return;
        }
        String lease = message.substring(end + 1);
        WorkerSlot slot = slots.get(lease);
        if (slot != null && placement.prefers(process(message.substring(0, end)), lease)) {
            slot.handOver();
        }
    }

    /** The process that {@code text} names; nobody, with an id of zeros, if it names none. */
    private static UUID process(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException nobody) {
            return new UUID(0, 0);
        }
    }

    /** Ends all workers, and releases each lease when its worker has ended. Idempotent; blocks for about two seconds at most. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        running.leave();
        slots.values().forEach(WorkerSlot::stop);
        Deadline deadline = Deadline.in(GRACE);
        slots.values().forEach(slot -> slot.close(deadline));
    }
}
