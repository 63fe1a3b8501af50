package dev.tutti.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.CacheStore;
import dev.tutti.cache.Loader;
import dev.tutti.cluster.NodeTag;
import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.bus.SecretSeal;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.cluster.member.Membership;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.concurrent.TickerClock;
import dev.tutti.core.JsonCodec;
import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.member.Role;
import dev.tutti.memory.MemoryBus;
import dev.tutti.memory.MemoryCacheStore;
import dev.tutti.memory.MemoryMemberStore;
import dev.tutti.testkit.fixture.GatedMemberStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Caches of several instances over a bus in memory, by a clock that is moved by hand. */
final class CacheCluster implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);

    /** So long to load that nothing here happens because time has passed. */
    static final CacheSettings SETTINGS = CacheSettings.DEFAULT.withLoadTimeout(Duration.ofMinutes(10));

    static final MembershipSettings MEMBERSHIP = new MembershipSettings(Duration.ofMillis(50), Duration.ofMinutes(10));

    private final MemoryBus.Wire wire = new MemoryBus.Wire();
    private final MemoryMemberStore store = new MemoryMemberStore(Clock.systemUTC());
    private final List<Instance> instances = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong silent = new AtomicLong(); // nanoseconds by which the members' ticker has been moved
    private Optional<ClusterSecret> secret =
            Optional.of(ClusterSecret.of("a secret of the tests, and of no one else", List.of()));
    private Duration coordinatorAnswers = LONG;
    private Duration settling = Duration.ZERO;
    private Optional<CacheStore> secondLevel = Optional.empty();

    /** The store as one instance reaches it. */
    private static final class Reach extends GatedMemberStore {
        private volatile CountDownLatch mayJoin = new CountDownLatch(0);

        Reach(MemberStore store) {
            super(store);
        }

        @Override
        public void join(Member member, Duration silence) {
            try {
                mayJoin.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            super.join(member, silence);
        }
    }

    /** One of them. */
    final class Instance {
        final Membership members;
        final ClusterCaches caches;
        final Cache<String> cache;
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final Optional<StoreReach> sharedStore = secondLevel.map(StoreReach::new);
        private final Reach reach = new Reach(store);
        private final MemoryBus end = new MemoryBus(wire);
        private final SharedBus bus;

        private Instance(CacheSettings settings) {
            Member self = new Member(UUID.randomUUID(), "instance", "", Role.ALL, false, 0);
            members =
                    new Membership(reach, self, MEMBERSHIP, () -> System.nanoTime() + silent.get(), Clock.systemUTC());
            members.start();
            bus = new SharedBus(end, () -> members.others().isEmpty(), secret, meters);
            bus.start();
            caches = new ClusterCaches(
                    members, bus, new JsonCodec(), MEMBERSHIP, settling, coordinatorAnswers, nanos::get, meters);
            sharedStore.ifPresent(shared -> caches.secondLevel(List.of(shared), secret.map(SecretSeal::new)));
            cache = caches.cache("scores", settings, String.class);
        }

        NodeTag tag() {
            return NodeTag.of(members.self().process());
        }

        /** Calls {@code cache} on a thread of its own. */
        CompletableFuture<Optional<String>> get(String key, Loader<String> loader) {
            return CacheCluster.get(cache, key, loader);
        }

        /** Until a heartbeat came through, so that it has been told who has left before. */
        void awaitBeat() throws InterruptedException {
            CountDownLatch heartbeat = new CountDownLatch(1);
            members.listen(new MembershipListener() {
                @Override
                public void heartbeat(Members all) {
                    heartbeat.countDown();
                }
            });
            assertThat(heartbeat.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        double count(String what) {
            return meters.counter("tutti.cache." + what, "cache", "scores").count();
        }

        /** Nobody hears of it any more, and it hears of nobody. */
        void kill() {
            cutOff();
            vanish();
        }

        /** It is taken out of the members for its silence, and does not come back; the bus notices nothing. */
        void vanish() {
            UUID incarnation = members.self().incarnation();
            reach.shut();
            silent.addAndGet(MEMBERSHIP.silence().toNanos()); // with a young heartbeat it would have left by itself
            store.leave(incarnation);
            await().atMost(LONG)
                    .until(() -> living().allMatch(each -> each.members.others().stream()
                            .noneMatch(other -> other.incarnation().equals(incarnation))));
        }

        /** The others take it for dead, and it cannot join anew before {@link #letJoin}. */
        void fence() {
            reach.mayJoin = new CountDownLatch(1);
            store.leave(members.self().incarnation());
        }

        /** It joins anew. */
        void letJoin() {
            reach.mayJoin.countDown();
        }

        /** What is said on the bus does not come through, though it lives. */
        void cutOff() {
            List<MemoryBus> all = wire.unplug();
            wire.plug(all.stream().filter(each -> !each.equals(end)).toList());
        }

        /** It is heard, and hears, again. */
        void plugIn() {
            List<MemoryBus> others = wire.unplug();
            wire.plug(Stream.concat(others.stream(), Stream.of(end)).toList());
        }

        /** It learns that it may have missed something. */
        void gap() {
            end.interrupt();
        }

        void close() {
            caches.close();
            bus.close();
            members.close();
        }

        private Stream<Instance> living() {
            return instances.stream().filter(each -> !each.reach.isShut());
        }
    }

    CacheCluster withoutSecret() {
        secret = Optional.empty();
        return this;
    }

    CacheCluster coordinatorAnswers(Duration patience) {
        coordinatorAnswers = patience;
        return this;
    }

    /** With a second level, which {@link #secondLevel} is. */
    CacheCluster sharing() {
        secondLevel = Optional.of(new MemoryCacheStore(new TickerClock(nanos::get)));
        return this;
    }

    /** What they share. */
    CacheStore secondLevel() {
        return secondLevel.orElseThrow();
    }

    CacheCluster settling(Duration time) {
        settling = time;
        return this;
    }

    /** So many instances, which know of each other. */
    List<Instance> start(int count, CacheSettings settings) {
        IntStream.range(0, count).forEach(_ -> instances.add(new Instance(settings)));
        await().atMost(LONG)
                .until(() -> instances.stream()
                        .allMatch(each -> each.members.others().size() == instances.size() - 1));
        return List.copyOf(instances);
    }

    /** Calls {@code cache} on a thread of its own. */
    static CompletableFuture<Optional<String>> get(Cache<String> cache, String key, Loader<String> loader) {
        CompletableFuture<Optional<String>> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(cache.get(key, loader));
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Calls the caches of {@code instances} in turn, {@code count} times in all, each time on a thread of its own. */
    static List<CompletableFuture<Optional<String>>> getInTurn(
            int count, List<Instance> instances, String key, Loader<String> loader) {
        return IntStream.range(0, count)
                .mapToObj(i -> instances.get(i % instances.size()).get(key, loader))
                .toList();
    }

    /** A key that {@code coordinator} coordinates. */
    String keyOf(Instance coordinator) {
        return keyOf(coordinator, "scores");
    }

    /** A key of {@code cache} that {@code coordinator} coordinates. */
    String keyOf(Instance coordinator, String cache) {
        return IntStream.range(0, 10_000)
                .mapToObj(number -> "key-" + number)
                .filter(key -> new KeyCoordinators(coordinator.members)
                        .of(new CacheKey(cache, key))
                        .equals(coordinator.tag()))
                .findFirst()
                .orElseThrow();
    }

    /** Until so many requests wait for somebody else's load, at those that live. */
    void awaitWaiting(int count) {
        await().atMost(LONG)
                .until(() -> instances.stream()
                                .filter(each -> !each.reach.isShut())
                                .mapToInt(each -> each.caches.waiting())
                                .sum()
                        == count);
    }

    /** The end of {@code got}, which is awaited. */
    static Optional<String> result(CompletableFuture<Optional<String>> got) throws Exception {
        return got.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    /** What {@code instances} have counted together of {@code what}. */
    static double sum(List<Instance> instances, String what) {
        return instances.stream().mapToDouble(each -> each.count(what)).sum();
    }

    /** Moves the clock of all. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public void close() {
        for (Instance instance : instances) {
            instance.reach.open();
            instance.letJoin();
            instance.close();
        }
    }
}
