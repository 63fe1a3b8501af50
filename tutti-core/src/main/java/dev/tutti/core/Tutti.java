package dev.tutti.core;

import dev.tutti.TuttiException;
import dev.tutti.backend.Backend;
import dev.tutti.bus.Bus;
import dev.tutti.bus.Topics;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Caches;
import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.bus.SecretSeal;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.cluster.member.BusLiveness;
import dev.tutti.cluster.member.Membership;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.cache.ClusterCaches;
import dev.tutti.core.feed.ClusterFeeds;
import dev.tutti.core.feed.FeedSettings;
import dev.tutti.core.health.Health;
import dev.tutti.core.lease.ClusterLeases;
import dev.tutti.core.lease.LeaseSettings;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.core.presence.ClusterPresence;
import dev.tutti.core.presence.PresenceSettings;
import dev.tutti.core.recovery.ConnectionRecovery;
import dev.tutti.core.session.SessionSettings;
import dev.tutti.core.stream.StreamSettings;
import dev.tutti.core.stream.Streams;
import dev.tutti.core.worker.ClusterWorkers;
import dev.tutti.core.worker.WorkerSettings;
import dev.tutti.job.JobRunner;
import dev.tutti.job.Jobs;
import dev.tutti.lease.LeaseStore;
import dev.tutti.lease.Leases;
import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Members;
import dev.tutti.member.Role;
import dev.tutti.presence.Presence;
import dev.tutti.recovery.RecoveryStore;
import dev.tutti.session.Sessions;
import dev.tutti.stream.StreamStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One instance of a cluster: its streams, feeds, jobs and other capabilities, the membership, and the instance's health. Servers and
 * features are built on it. Safe for use by many threads.
 */
public final class Tutti implements AutoCloseable {
    private final InstanceId instance;
    private final MeterRegistry meters;
    private final JsonCodec json = new JsonCodec();
    private final Health health = new Health();
    private final Lifecycle lifecycle;
    private final Duration closeWithin;
    private final Membership membership;
    private final SharedBus bus;
    private final BusLiveness liveness;
    private final ClusterPresence presence;
    private final Streams streams;
    private final ConnectionRecovery recovery;
    private final ClusterLeases leases;
    private final ClusterWorkers workers;
    private final ClusterCaches caches;
    private final ClusterFeeds feeds;
    private final RateLimits limits;
    private final JobRunner jobs;
    private final Sessions sessions;

    private Tutti(Builder builder, Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        instance = builder.instance;
        meters = builder.meters;
        closeWithin = builder.closeWithin;
        StoreSelection stores = builder.stores;
        stores.backends().forEach(backend -> lifecycle.started(backend.name(), backend));
        // parts that run application code are started last: they are closed before the parts that this code uses
        membership = lifecycle.started("membership", membership(builder));
        membership.start();
        bus = lifecycle.started(
                "bus", new SharedBus(stores.bus(), () -> membership.others().isEmpty(), builder.secret, meters));
        bus.start();
        liveness = new BusLiveness(membership, bus, bus::reconnect, System::nanoTime);
        caches = lifecycle.started(
                "caches",
                new ClusterCaches(membership, bus, json, builder.membershipSettings, System::nanoTime, meters)
                        .defaults(builder.cacheSettings)
                        .secondLevel(stores.backends(), builder.secret.map(SecretSeal::new)));
        presence = lifecycle.started(
                "presence", new ClusterPresence(membership, bus, builder.presenceSettings, System::nanoTime));
        streams = lifecycle.started(
                "streams", new Streams(stores.streams(), builder.streamSettings, meters, bus), Streams::close);
        recovery = lifecycle.started(
                "recovery", new ConnectionRecovery(stores.recovery(), builder.recoveryWindow, membership));
        leases = lifecycle.started(
                "leases", new ClusterLeases(stores.leases(), bus, builder.leaseSettings, System::nanoTime, meters));
        leases.start();
        String name = instance.value();
        feeds = lifecycle.started(
                "feeds",
                new ClusterFeeds(stores.feeds(), builder.feedSettings, name, membership, bus, json::read, meters));
        limits = new RateLimits(stores.limits(), membership::answering, System::nanoTime, meters);
        sessions = stores.sessions(builder.sessionSettings, json, meters);
        jobs = lifecycle.started("jobs", stores.jobs());
        workers = lifecycle.started(
                "workers", new ClusterWorkers(leases::acquire, membership, bus, builder.workerSettings, meters));
        HealthChecks.register(health, stores.backends(), membership, caches, liveness);
        HealthChecks.register(health, feeds, leases, workers, jobs);
        InstanceMeters.register(membership, meters);
    }

    private static Membership membership(Builder builder) {
        Member self = new Member(UUID.randomUUID(), builder.instance.value(), "", builder.role, false, 0);
        return new Membership(
                builder.stores.members(), self, builder.membershipSettings, System::nanoTime, Clock.systemUTC());
    }

    /** An instance on {@code backend}, which it closes. It uses every capability of the backend, except those that are set otherwise. */
    public static Builder on(Backend backend) {
        return new Builder().with(backend);
    }

    /** An instance that has only {@code store}. The caller closes the store, after the instance. */
    public static Builder over(StreamStore store) {
        Builder builder = new Builder();
        builder.stores.set(store);
        return builder;
    }

    /** The durable streams. */
    public Streams streams() {
        return streams;
    }

    /** The members of the cluster: this instance, and the others that are alive. */
    public Members members() {
        return membership;
    }

    /** Presence: the users who are online, over all instances. */
    public Presence presence() {
        return presence;
    }

    /** The store of connections that can be recovered at another instance. */
    public ConnectionRecovery recovery() {
        return recovery;
    }

    /** Leases: each is held by one instance at a time. */
    public Leases leases() {
        return leases;
    }

    /** Workers: each runs at one instance of the cluster at a time. */
    public ClusterWorkers workers() {
        return workers;
    }

    /** Caches: a missing value is loaded once for all instances. */
    public Caches caches() {
        return caches;
    }

    /** Feeds: values with a version, of which subscribers get the latest one. */
    public ClusterFeeds feeds() {
        return feeds;
    }

    /** Rate limits, which count for all instances together. */
    public RateLimits limits() {
        return limits;
    }

    /** Jobs: stored work that any instance runs, at once or later. */
    public Jobs jobs() {
        return jobs;
    }

    /** The attributes of login sessions. Every call is refused unless {@link Builder#sessions} was set. */
    public Sessions sessions() {
        return sessions;
    }

    /** The bus between the instances. Each capability takes its own topics from it, before the first client connects. */
    public Topics.Source bus() {
        return bus;
    }

    /** The name of this instance. */
    public InstanceId instance() {
        return instance;
    }

    /** The health of this instance, for load balancers and operators. */
    public Health health() {
        return health;
    }

    /** The registry of the instance's metrics. */
    public MeterRegistry meters() {
        return meters;
    }

    /** The codec with which the instance reads and writes JSON. */
    public JsonCodec json() {
        return json;
    }

    /** The parts that are closed with the instance. Code that starts another part on the instance adds it here. */
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /** Prepares for closing: the instance is not ready any more, and others take over its workers and jobs. Blocks for some seconds. */
    public void drain() {
        health.drain();
        membership.updateSelf(Member::leaving);
        workers.close();
        jobs.drain();
    }

    /** As {@link #close(Deadline)}, within {@link Builder#closeWithin}. */
    @Override
    public void close() {
        close(Deadline.in(closeWithin));
    }

    /**
     * Closes the parts that were started on the instance, latest first, and then the instance, by {@code deadline}. Idempotent.
     *
     * @throws TuttiException if some parts failed or were not closed in time; its suppressed exceptions are the causes
     */
    public void close(Deadline deadline) {
        health.drain();
        lifecycle.close(deadline);
    }

    /** A builder: sets the options of an instance and {@linkplain #start starts} it. Not safe for use by many threads. */
    public static final class Builder {
        private final StoreSelection stores = new StoreSelection();
        private Optional<ClusterSecret> secret = Optional.empty();
        private MembershipSettings membershipSettings = MembershipSettings.DEFAULT;
        private PresenceSettings presenceSettings = PresenceSettings.DEFAULT;
        private Duration recoveryWindow = ConnectionRecovery.WINDOW;
        private LeaseSettings leaseSettings = LeaseSettings.DEFAULT;
        private WorkerSettings workerSettings = WorkerSettings.DEFAULT;
        private CacheSettings cacheSettings = CacheSettings.DEFAULT;
        private FeedSettings feedSettings = FeedSettings.DEFAULT;
        private Optional<SessionSettings> sessionSettings = Optional.empty();
        private Role role = Role.ALL;
        private InstanceId instance = InstanceId.random();
        private MeterRegistry meters = new SimpleMeterRegistry();
        private StreamSettings streamSettings = StreamSettings.DEFAULT;
        private Duration closeWithin = Duration.ofSeconds(30);

        private Builder() {}

        /** Adds a backend, which the instance closes. Its capabilities replace the same capabilities of backends that were added before. */
        public Builder with(Backend backend) {
            stores.add(backend);
            return this;
        }

        /** Sets the name of the instance; {@link InstanceId#random} by default. */
        public Builder instance(InstanceId instance) {
            this.instance = instance;
            return this;
        }

        /** Sets the registry for metrics, which are kept in memory by default. A backend has its own setting for its registry. */
        public Builder meters(MeterRegistry meters) {
            this.meters = meters;
            return this;
        }

        /**
         * Sets the secret that protects messages between instances, the same at all instances. Without it others could forge messages: so
         * only heads of streams are sent, and presence, Socket.IO rooms and forwarded polling are limited to each instance.
         */
        public Builder secret(ClusterSecret secret) {
            this.secret = Optional.of(secret);
            return this;
        }

        /** Sets the bus to the other instances, which the instance closes. Without a bus, here or from a backend, it is alone. */
        public Builder bus(Bus bus) {
            stores.set(bus);
            return this;
        }

        /** Sets the secret, as above: a random text of 32 characters or more. */
        public Builder secret(String text) {
            return secret(ClusterSecret.of(text, List.of()));
        }

        /** Sets the store of members, in which instances find each other. Without one, here or from a backend, the instance is alone. */
        public Builder members(MemberStore store) {
            stores.set(store);
            return this;
        }

        /** Sets when a silent instance counts as dead, the same at all instances; {@link MembershipSettings#DEFAULT} by default. */
        public Builder members(MembershipSettings settings) {
            this.membershipSettings = settings;
            return this;
        }

        /** Sets how long users still count as online after their connection broke; {@link PresenceSettings#DEFAULT} by default. */
        public Builder presence(PresenceSettings settings) {
            this.presenceSettings = settings;
            return this;
        }

        /** Sets the store of recoverable connections. Without one, here or from a backend, no connection can be recovered. */
        public Builder recovery(RecoveryStore store) {
            stores.set(store);
            return this;
        }

        /** Sets how long a broken connection can be recovered, 1 s and more; {@link ConnectionRecovery#WINDOW} by default. */
        public Builder recoveryWindow(Duration window) {
            this.recoveryWindow = window;
            return this;
        }

        /** Sets the store of leases. Without one, here or from a backend, there are no leases. */
        public Builder leases(LeaseStore store) {
            stores.set(store);
            return this;
        }

        /** Sets how long leases last; {@link LeaseSettings#DEFAULT} by default. */
        public Builder leases(LeaseSettings settings) {
            this.leaseSettings = settings;
            return this;
        }

        /** Sets which workers the instance runs, and its role for other instances; all workers and {@link Role#ALL} by default. */
        public Builder workers(WorkerSettings settings, Role role) {
            this.workerSettings = settings;
            this.role = role;
            return this;
        }

        /** Sets the default settings of caches. A second level of the caches needs a backend that has one, and a secret. */
        public Builder caches(CacheSettings settings) {
            this.cacheSettings = settings;
            return this;
        }

        /** Sets how feeds are kept, the same at all instances; {@link FeedSettings#DEFAULT} by default. */
        public Builder feeds(FeedSettings settings) {
            this.feedSettings = settings;
            return this;
        }

        /** Turns on attributes of sessions, if a backend can store them. The settings must be the same at all instances. */
        public Builder sessions(SessionSettings settings) {
            this.sessionSettings = Optional.of(settings);
            return this;
        }

        /** Sets how the instance writes, reads and sweeps its streams; {@link StreamSettings#DEFAULT} by default. */
        public Builder streams(StreamSettings settings) {
            this.streamSettings = settings;
            return this;
        }

        /** Sets how long closing may take; 30 s by default. */
        public Builder closeWithin(Duration budget) {
            this.closeWithin = budget;
            return this;
        }

        /**
         * Starts the instance.
         *
         * @throws TuttiException if the bus or the member store cannot be used; the backends are closed then
         * @throws IllegalStateException if no backend stores streams; the backends are closed then
         */
        public Tutti start() {
            Lifecycle lifecycle = new Lifecycle(closeWithin);
            try {
                return new Tutti(this, lifecycle);
            } catch (RuntimeException | Error failure) {
                lifecycle.rollBack(failure);
                throw failure;
            }
        }
    }
}
