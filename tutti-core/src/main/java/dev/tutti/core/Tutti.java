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
 * One instance: its streams, who else is alive, its health, its identity, and the order in which its parts are closed. Servers and features
 * are built on one of these. Safe for use by many threads.
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
        // what runs others' code is started last, so that it ends before what that code may use
        membership = lifecycle.started("membership", membership(builder));
        membership.start();
        bus = lifecycle.started(
                "bus", new SharedBus(stores.bus(), () -> membership.others().isEmpty(), builder.secret, meters));
        bus.start();
        liveness = new BusLiveness(membership, bus, bus::reconnect, System::nanoTime);
        Duration silence = builder.membershipSettings.silence();
        caches = lifecycle.started(
                "caches",
                new ClusterCaches(membership, bus, json, silence, System::nanoTime, meters)
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

    /** An instance on {@code backend}, which it closes; everything that the backend can do is used, unless something else is set. */
    public static Builder on(Backend backend) {
        return new Builder().with(backend);
    }

    /** An instance over {@code store} and nothing else, which the caller closes after it. */
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

    /** The people that are connected, to whichever instance. */
    public Presence presence() {
        return presence;
    }

    /** The connections that can be continued at another instance. */
    public ConnectionRecovery recovery() {
        return recovery;
    }

    /** Leases: each is held by one instance at a time. */
    public Leases leases() {
        return leases;
    }

    /** Workers, each of which runs once in the cluster. */
    public ClusterWorkers workers() {
        return workers;
    }

    /** Caches whose misses are loaded once for all instances. */
    public Caches caches() {
        return caches;
    }

    /** Feeds: values with a version, of which subscribers get the latest. */
    public ClusterFeeds feeds() {
        return feeds;
    }

    /** Rate limits that all instances count together. */
    public RateLimits limits() {
        return limits;
    }

    /** Jobs, each of which is done once, now or later, by one of the instances. */
    public Jobs jobs() {
        return jobs;
    }

    /** The attributes of login sessions; all that it does is refused unless {@link Builder#sessions} was set. */
    public Sessions sessions() {
        return sessions;
    }

    /** The bus between the instances; each capability takes its own topics before the first client comes. */
    public Topics.Source bus() {
        return bus;
    }

    /** The name of this instance. */
    public InstanceId instance() {
        return instance;
    }

    /** The health of this instance, as load balancers and operators ask for it. */
    public Health health() {
        return health;
    }

    /** Where its parts report what they measure. */
    public MeterRegistry meters() {
        return meters;
    }

    /** How it reads and writes JSON. */
    public JsonCodec json() {
        return json;
    }

    /** The parts that are closed with it. Code that starts something on top of it notes that here. */
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /** Says that it is about to leave: it is not ready any more, and hands its workers and jobs over. Blocks for seconds at most. */
    public void drain() {
        health.drain();
        membership.updateSelf(Member::leaving);
        workers.close();
        jobs.drain();
    }

    /** Closes what was started on it, latest first, and then its streams, within its own budget. Idempotent. */
    @Override
    public void close() {
        close(Deadline.in(closeWithin));
    }

    /** The same by {@code deadline}. */
    public void close(Deadline deadline) {
        health.drain();
        lifecycle.close(deadline);
    }

    /** How an instance shall be. Not safe for use by several threads. */
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

        /** Uses what {@code backend}, too, can do, in place of what those before it can; the instance closes it. */
        public Builder with(Backend backend) {
            stores.add(backend);
            return this;
        }

        /** Its name; {@link InstanceId#random} unless set. */
        public Builder instance(InstanceId instance) {
            this.instance = instance;
            return this;
        }

        /** Where measurements go, but for those of a backend, which its own builder says; kept in memory unless set. */
        public Builder meters(MeterRegistry meters) {
            this.meters = meters;
            return this;
        }

        /**
         * The secret that seals the messages between the instances, the same for all of them. Unless it is set, others than members may
         * read and write on the bus, so that it carries only how far streams reach: presence, Socket.IO rooms and polling
         * stay within each instance.
         */
        public Builder secret(ClusterSecret secret) {
            this.secret = Optional.of(secret);
            return this;
        }

        /** The bus to the other instances, which the instance closes. Without one, set here or of a backend, the instance is on its own. */
        public Builder bus(Bus bus) {
            stores.set(bus);
            return this;
        }

        /** As above, with a secret that is not being replaced: 32 characters or more of a random text. */
        public Builder secret(String text) {
            return secret(ClusterSecret.of(text, List.of()));
        }

        /** Where the other instances are found; it is on its own unless set or a backend can. */
        public Builder members(MemberStore store) {
            stores.set(store);
            return this;
        }

        /** When an instance is taken for dead, the same for all instances; {@link MembershipSettings#DEFAULT} unless set. */
        public Builder members(MembershipSettings settings) {
            this.membershipSettings = settings;
            return this;
        }

        /** How long people count as there; {@link PresenceSettings#DEFAULT} unless set. */
        public Builder presence(PresenceSettings settings) {
            this.presenceSettings = settings;
            return this;
        }

        /** Where the connections are kept that can be continued; none can unless set or a backend can. */
        public Builder recovery(RecoveryStore store) {
            stores.set(store);
            return this;
        }

        /** For how long lost connections can be continued, from 1 s on; {@link ConnectionRecovery#WINDOW} unless set. */
        public Builder recoveryWindow(Duration window) {
            this.recoveryWindow = window;
            return this;
        }

        /** Where leases are kept; there are none unless set or a backend can. */
        public Builder leases(LeaseStore store) {
            stores.set(store);
            return this;
        }

        /** How leases are kept; {@link LeaseSettings#DEFAULT} unless set. */
        public Builder leases(LeaseSettings settings) {
            this.leaseSettings = settings;
            return this;
        }

        /** Which workers it runs, and its work as the others know it; all workers and {@link Role#ALL} unless set. */
        public Builder workers(WorkerSettings settings, Role role) {
            this.workerSettings = settings;
            this.role = role;
            return this;
        }

        /** How caches are of which nothing else is said. A second level needs a backend that has one, and a secret. */
        public Builder caches(CacheSettings settings) {
            this.cacheSettings = settings;
            return this;
        }

        /** How feeds are kept, the same for all instances; {@link FeedSettings#DEFAULT} unless set. */
        public Builder feeds(FeedSettings settings) {
            this.feedSettings = settings;
            return this;
        }

        /** How attributes of sessions are kept, the same for all instances; none are unless it is set and a backend can. */
        public Builder sessions(SessionSettings settings) {
            this.sessionSettings = Optional.of(settings);
            return this;
        }

        /** How its streams are run. */
        public Builder streams(StreamSettings settings) {
            this.streamSettings = settings;
            return this;
        }

        /** How long closing may take; 30 s unless set. */
        public Builder closeWithin(Duration budget) {
            this.closeWithin = budget;
            return this;
        }

        /**
         * The instance, running.
         *
         * @throws TuttiException if bus or member store cannot be used; then the backends are closed
         * @throws IllegalStateException if no backend keeps streams; then the backends are closed
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
