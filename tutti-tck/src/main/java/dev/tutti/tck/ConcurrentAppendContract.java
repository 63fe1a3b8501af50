package dev.tutti.tck;

import static dev.tutti.tck.Samples.event;
import static dev.tutti.tck.Samples.fresh;
import static dev.tutti.tck.Samples.page;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract of {@link StreamStore} with many callers that append at the same time. */
public interface ConcurrentAppendContract {
    /** The store; the same one during a test. */
    StreamStore store();

    @Test
    default void appendersOfOverlappingStreamsNeitherDeadlockNorLeaveHoles() {
        Seed seed = Seed.next();
        List<StreamName> streams = Stream.generate(Samples::fresh).limit(6).toList();
        Map<StreamName, Map<Long, String>> acknowledged = new ConcurrentHashMap<>();
        AtomicBoolean done = new AtomicBoolean();
        try (TestThreads readers = new TestThreads()) {
            for (StreamName stream : streams) {
                readers.add(() -> assertNeverAHole(stream, done));
            }
            try (TestThreads appenders = new TestThreads()) {
                for (int member = 0; member < 8; member++) {
                    String name = "m" + member;
                    Random random = seed.random(member);
                    appenders.add(() -> appendAtRandom(name, random, streams, acknowledged));
                }
            } finally {
                done.set(true);
            }
        }

        for (StreamName stream : streams) {
            List<Event> events = Samples.all(store(), stream);
            assertThat(Samples.seqs(events))
                    .as("%s", seed)
                    .isEqualTo(LongStream.rangeClosed(1, events.size()).boxed().toList());
            Map<Long, String> stored = new HashMap<>();
            events.forEach(event -> stored.put(event.seq(), event.data().toString()));
            assertThat(stored).as("%s", seed).isEqualTo(acknowledged.getOrDefault(stream, Map.of()));
        }
    }

    @Test
    default void oneEventComesOfManyWhoSendTheSameKeyAtOnce() {
        List<StreamName> streams = Stream.generate(Samples::fresh).limit(3).toList();
        Collection<List<Appended>> results = Collections.synchronizedCollection(new ArrayList<>());
        for (int round = 0; round < 10; round++) {
            String key = "k" + round;
            results.clear();
            try (TestThreads senders = new TestThreads()) {
                for (int sender = 0; sender < 8; sender++) {
                    senders.add(() -> results.add(store().append(streams.stream()
                            .map(stream -> event(stream, 1, key))
                            .toList())));
                }
            }

            assertThat(results).hasSize(8);
            for (int i = 0; i < streams.size(); i++) {
                int index = i;
                assertThat(results.stream().map(list -> list.get(index)).filter(result -> !result.repeated()))
                        .hasSize(1);
                assertThat(results.stream().map(list -> list.get(index).seq())).containsOnly(round + 1L);
            }
        }
    }

    @Test
    default void aPositionTakenWhileOthersAppendDividesBeforeFromAfter() {
        Seed seed = Seed.next();
        StreamName left = fresh();
        StreamName right = fresh();
        StreamName alone = fresh();
        List<StreamName> streams = List.of(left, right, alone);
        AtomicLong acknowledged = new AtomicLong();
        Map<Position, Long> soFar = new HashMap<>();
        Map<Position, Map<StreamName, Long>> seen = new HashMap<>();
        ObservedAppends appends = new ObservedAppends();
        try (TestThreads observer = new TestThreads()) {
            observer.add(() -> {
                while (appends.goesOn()) {
                    long before = acknowledged.get();
                    Position position = store().now();
                    if (soFar.putIfAbsent(position, before) == null) {
                        seen.put(position, store().seen(position, streams));
                        appends.observed();
                    }
                }
            });
            appends.appendUntilObserved(seed, random -> {
                List<Append> pair = new ArrayList<>(List.of(event(right, 1), event(left, 1)));
                if (random.nextBoolean()) {
                    pair.add(event(alone, 1));
                }
                long seq = store().append(pair).get(1).seq();
                acknowledged.accumulateAndGet(seq, Math::max);
            });
        }

        seen.forEach((position, then) -> {
            assertThat(store().seen(position, streams)).as("%s", seed).isEqualTo(then);
            assertThat(then.get(left)).as("%s: one commit, both streams", seed).isEqualTo(then.get(right));
            assertThat(then.get(left))
                    .as("%s: acknowledged before", seed)
                    .isGreaterThanOrEqualTo(soFar.getOrDefault(position, Long.MAX_VALUE));
        });
        assertThat(store().seen(store().now(), List.of(left))).isEqualTo(Map.of(left, acknowledged.get()));
    }

    @Test
    default void changesWhileOthersAppendMissNothingAndAddNothing() {
        Seed seed = Seed.next();
        List<StreamName> streams = Stream.generate(Samples::fresh).limit(20).toList();
        List<Changes> chain = new ArrayList<>();
        Position start = store().now();
        ObservedAppends appends = new ObservedAppends();
        try (TestThreads observer = new TestThreads()) {
            observer.add(() -> {
                Position since = start;
                boolean last = false;
                while (!last) {
                    last = !appends.goesOn();
                    Changes changes = store().changes(since);
                    if (!changes.heads().isEmpty()) {
                        chain.add(changes);
                        appends.observed();
                    }
                    since = changes.now();
                }
            });
            appends.appendUntilObserved(
                    seed,
                    random -> store().append(List.of(
                            event(streams.get(random.nextInt(20)), 1), event(streams.get(random.nextInt(20)), 1))));
        }

        Map<StreamName, Long> heads = new HashMap<>(store().seen(start, streams));
        for (Changes changes : chain) {
            assertThat(changes.complete()).isTrue();
            Map<StreamName, Long> now = store().seen(changes.now(), streams);
            Map<StreamName, Long> changed = new HashMap<>(now);
            changed.entrySet().removeAll(heads.entrySet());
            Map<StreamName, Long> told = new HashMap<>(changes.heads());
            told.keySet().retainAll(streams);
            assertThat(told).as("%s", seed).isEqualTo(changed);
            heads.putAll(now);
        }
        for (StreamName stream : streams) {
            assertThat(heads).as("%s", seed).containsEntry(stream, (long)
                    Samples.all(store(), stream).size());
        }
        assertThat(store().changes(store().now()).heads())
                .as("what has changed since now, %s", seed)
                .doesNotContainKeys(streams.toArray(StreamName[]::new));
    }

    private void assertNeverAHole(StreamName stream, AtomicBoolean done) {
        long after = 0;
        boolean last = false;
        while (!last) {
            last = done.get();
            for (Event event :
                    page(store(), stream, new Range.After(after), 100).events()) {
                assertThat(event.seq())
                        .as("what follows %d in %s", after, stream)
                        .isEqualTo(after + 1);
                after++;
            }
        }
    }

    private void appendAtRandom(
            String name, Random random, List<StreamName> streams, Map<StreamName, Map<Long, String>> acknowledged) {
        for (int round = 0; round < 60; round++) {
            List<Append> batch = new ArrayList<>();
            for (int size = random.nextInt(1, 9); size > 0; size--) {
                String data = "\"" + name + "." + round + "." + size + "\"";
                batch.add(new Append(
                        streams.get(random.nextInt(streams.size())),
                        "said",
                        Json.of(data),
                        random.nextBoolean() ? name + "." + round + "." + size : null));
            }
            List<Appended> results = store().append(batch);
            for (int i = 0; i < batch.size(); i++) {
                Append append = batch.get(i);
                assertThat(acknowledged
                                .computeIfAbsent(append.stream(), stream -> new ConcurrentHashMap<>())
                                .put(results.get(i).seq(), append.data().toString()))
                        .as("an earlier acknowledgement of the same seq")
                        .isNull();
            }
        }
    }
}
