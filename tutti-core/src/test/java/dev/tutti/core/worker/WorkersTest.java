package dev.tutti.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.core.lease.LeaseSettings;
import dev.tutti.health.Status;
import dev.tutti.lease.Lease;
import dev.tutti.lease.Leases;
import dev.tutti.member.Role;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.worker.WorkerContext;
import dev.tutti.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers of several instances. */
class WorkersTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MANY = 60; // some of which move, as good as certainly, when an instance comes or goes

    private final MemoryBackend backend = MemoryBackend.open();
    private final List<Tutti> instances = new ArrayList<>();
    private final Map<String, String> running = new ConcurrentHashMap<>(); // shard -> instance
    private final AtomicInteger overlaps = new AtomicInteger();

    private Tutti instance(WorkerSettings settings, Role role) {
        Tutti instance = Tutti.on(backend.another())
                .leases(new LeaseSettings(Duration.ofSeconds(30)))
                .workers(settings, role)
                .start();
        instances.add(instance);
        return instance;
    }

    private Tutti instance() {
        return instance(WorkerSettings.DEFAULT, Role.ALL);
    }

    @AfterEach
    void close() {
        instances.forEach(Tutti::close);
        assertThat(overlaps).hasValue(0);
    }

    /** Says where it runs while it does. */
    private void run(WorkerContext context, String instance) throws InterruptedException {
        String key = context.type() + context.shard();
        if (running.putIfAbsent(key, instance) != null) {
            overlaps.incrementAndGet();
        }
        try {
            while (context.pause(LONG)) {
                context.lease().check();
            }
        } finally {
            running.remove(key, instance);
        }
    }

    private void declare(Tutti instance, int shards) {
        String name = instance.instance().value();
        if (shards == 1) {
            instance.workers().singleton("poller", context -> run(context, name));
        } else {
            instance.workers().sharded("poller", shards, context -> run(context, name));
        }
    }

    private Set<String> where() {
        return new TreeSet<>(running.values());
    }

    @Test
    void aSingletonRunsOnceAndGoesOnElsewhere() {
        Tutti first = instance();
        Tutti second = instance();
        declare(first, 1);
        await().atMost(LONG).until(() -> running.size() == 1);
        declare(second, 1);
        assertThat(where()).containsExactly(first.instance().value());

        first.close();

        await().atMost(LONG).until(() -> where().equals(Set.of(second.instance().value())));
    }

    @Test
    void shardsAreSpreadAndMove() {
        Tutti first = instance();
        declare(first, MANY);
        await().atMost(LONG).until(() -> asWanted(first));

        Tutti second = instance();
        Tutti third = instance();
        declare(second, MANY);
        declare(third, MANY);
        await().atMost(LONG).until(() -> asWanted(first, second, third));

        second.close();
        await().atMost(LONG).until(() -> asWanted(first, third));
    }

    @Test
    void shardsAreLeftToNobodyWhoDoesNotRunTheirType() {
        Tutti other = instance(new WorkerSettings(true, Set.of("other"), Integer.MAX_VALUE), Role.WORKERS);
        other.workers().sharded("other", MANY, context -> context.pause(LONG));
        Tutti first = instance();
        Tutti second = instance();
        for (Tutti each : List.of(other, first, second)) {
            declare(each, MANY);
        }

        await().atMost(LONG).until(() -> asWanted(first, second));
    }

    /** Whether each shard runs where it shall, of these. */
    private boolean asWanted(Tutti... alive) {
        Map<UUID, String> names = Stream.of(alive)
                .collect(Collectors.toMap(
                        instance -> instance.members().self().process(),
                        instance -> instance.instance().value()));
        return IntStream.range(0, MANY)
                .allMatch(shard -> Objects.equals(
                        names.get(Placement.owner(List.copyOf(names.keySet()), "worker/poller/" + shard)),
                        running.get("poller" + shard)));
    }

    @Test
    void whatThrowsIsBegunAnew() {
        Tutti instance = instance();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch sound = new CountDownLatch(1);
        instance.workers().singleton("frail", _ -> {
            if (runs.incrementAndGet() < 4) {
                throw new AssertionError("upstream is away");
            }
            sound.countDown();
        });

        await().atMost(LONG).until(() -> sound.getCount() == 0);
        assertThat(instance.meters().counter(ClusterWorkers.FAILED).count()).isEqualTo(3);
    }

    @Test
    void whatWaitsForItsNextAttemptDegradesItsInstance() {
        Tutti instance = instance();
        assertThat(health(instance)).isEqualTo(Status.HEALTHY);
        AtomicBoolean sound = new AtomicBoolean();
        instance.workers().singleton("frail", context -> {
            if (!sound.get()) {
                throw new AssertionError("upstream is away");
            }
            run(context, "frail");
        });
        await().atMost(LONG).until(() -> health(instance) == Status.DEGRADED);

        sound.set(true);

        await().atMost(LONG).until(() -> !running.isEmpty() && health(instance) == Status.HEALTHY);
    }

    private static Status health(Tutti instance) {
        return instance.health().report().checks().getOrDefault("workers", Status.UNAVAILABLE);
    }

    @Test
    void whatReturnsIsBegunAnewAfterAPauseInWhicheverInstance() {
        List<Long> begun = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            instance().workers().singleton("brief", _ -> begun.add(System.nanoTime()));
        }

        await().atMost(LONG).until(() -> begun.size() >= 4);
        assertThat(begun.get(3) - begun.get(0))
                .as("three pauses of a second each, in nanoseconds")
                .isGreaterThan(Duration.ofMillis(2_900).toNanos());
    }

    @Tag("slow")
    @Test
    void aShardThatAnInstanceCannotDoStaysWhereItIsDone() {
        Tutti sick = instance();
        Tutti sound = instance();
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        sick.workers().sharded("poller", MANY, _ -> {
            throw new AssertionError("upstream is away from here");
        });
        sound.workers().sharded("poller", MANY, context -> {
            begun.incrementAndGet();
            run(context, "sound");
        });

        await().during(Duration.ofSeconds(3))
                .atMost(LONG)
                .until(() -> running.size() == MANY && seen.getAndSet(begun.get()) == begun.get());
    }

    @Test
    void whoDoesNotListenIsInterrupted() {
        Tutti instance = instance();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        instance.workers().singleton("deaf", _ -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        await().atMost(LONG).until(() -> begun.getCount() == 0);

        instance.close();

        await().atMost(LONG).until(() -> interrupted.getCount() == 0);
    }

    @Tag("slow")
    @Test
    void whoDoesNotListenIsInterruptedWhenItsShardIsHandedOver() {
        Tutti first = instance();
        Tutti second = instance();
        for (Tutti each : List.of(first, second)) {
            String name = each.instance().value();
            each.workers().sharded("poller", MANY, context -> {
                running.put("poller" + context.shard(), name);
                try {
                    new CountDownLatch(1).await();
                } finally {
                    running.remove("poller" + context.shard(), name);
                }
            });
            await().atMost(LONG).until(() -> running.size() == MANY);
        }

        await().atMost(LONG).until(() -> asWanted(first, second));
    }

    @Test
    void eachRunsWhatItsSettingsSay() {
        Tutti http = instance(WorkerSettings.NONE, Role.HTTP);
        Tutti other = instance(new WorkerSettings(true, Set.of("other"), 1), Role.WORKERS);
        Tutti all = instance(new WorkerSettings(true, Set.of(), 3), Role.ALL);
        for (Tutti each : List.of(http, other, all)) {
            declare(each, 3);
        }
        await().atMost(LONG).until(() -> running.size() == 3);
        assertThat(where()).containsExactly(all.instance().value());
        assertThat(http.workers().undeclared()).isEmpty();
        assertThat(other.workers().undeclared()).containsExactly("other");
        assertThat(all.workers().undeclared()).isEmpty();
    }

    @Test
    void noMoreRunThanMay() {
        Tutti few = instance(new WorkerSettings(true, Set.of(), 2), Role.WORKERS);
        declare(few, 5);
        await().atMost(LONG).until(() -> running.size() == 2);
        await().during(Duration.ofMillis(300)).atMost(LONG).until(() -> running.size() == 2);
        Tutti second = instance();
        declare(second, 5);

        await().atMost(LONG).until(() -> running.size() == 5);
    }

    @Test
    void oneThatMayRunFewTakesWhicheverShardIsFree() {
        int shards = 600;
        Leases others = instance().leases();
        List<Lease> taken = IntStream.range(0, shards)
                .mapToObj(shard -> others.tryAcquire("worker/poller/" + shard).orElseThrow())
                .toList();
        Tutti standby = instance(new WorkerSettings(true, Set.of(), 1), Role.WORKERS);
        Set<Integer> ran = ConcurrentHashMap.newKeySet();
        standby.workers().sharded("poller", shards, context -> ran.add(context.shard()));

        for (int shard : List.of(shards - 1, 0, shards / 2)) {
            taken.get(shard).close();
            await().atMost(LONG).until(() -> ran.contains(shard));
        }

        assertThat(ran).hasSize(3);
    }

    @Test
    void whatIsBuiltInRunsBesideAsManyAsMayRun() {
        Tutti http = instance(WorkerSettings.NONE, Role.HTTP);
        Tutti busy = instance(new WorkerSettings(true, Set.of("poller"), 1), Role.WORKERS);
        Set<Integer> builtIn = ConcurrentHashMap.newKeySet();
        for (Tutti each : List.of(http, busy)) {
            each.workers().builtIn("own", 3, context -> {
                builtIn.add(each.equals(busy) ? context.shard() : -1);
                while (context.pause(LONG)) {
                    builtIn.add(context.shard());
                }
            });
            declare(each, 2);
        }

        await().atMost(LONG).until(() -> running.size() == 1 && builtIn.equals(Set.of(0, 1, 2)));
    }

    @Test
    void aTypeIsDeclaredOnceAndWithinItsBounds() {
        Workers workers = instance().workers();
        workers.singleton("poller", _ -> {});
        assertThatThrownBy(() -> workers.sharded("poller", 2, _ -> {})).hasMessageContaining("'poller' already");
        assertThatThrownBy(() -> workers.singleton("", _ -> {})).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> workers.singleton("x".repeat(101), _ -> {})).hasMessageContaining("1 to 100");
        assertThatThrownBy(() -> workers.sharded("many", 1_001, _ -> {})).hasMessageContaining("1 to 1000");
    }

    @ParameterizedTest
    @CsvSource({"2, 1000", "5, 1000", "20, 1000"})
    void shardsAreSpreadEvenly(int instances, int shards) {
        List<UUID> processes =
                IntStream.range(0, instances).mapToObj(i -> new UUID(i, 7)).toList();
        Map<UUID, Integer> shares = new HashMap<>();
        for (int shard = 0; shard < shards; shard++) {
            shares.merge(Placement.owner(processes, "worker/poller/" + shard), 1, Integer::sum);
        }
        assertThat(shares)
                .hasSize(instances)
                .allSatisfy((_, share) -> assertThat(share).isBetween(shards / instances / 2, shards / instances * 2));
    }
}
