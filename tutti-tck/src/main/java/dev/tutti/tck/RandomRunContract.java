package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.ReadResult.Page;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A long random run of all calls that one caller can make, in which a store is compared with a model. */
public interface RandomRunContract {
    /** The store; the same one during a test. */
    StreamStore store();

    @Test
    default void aRandomRunGivesWhatTheModelGives() {
        Seed seed = Seed.next();
        Random random = seed.random(0);
        List<StreamName> streams = Stream.generate(Samples::fresh).limit(5).toList();
        Model model = new Model(streams);
        List<Position> positions = new ArrayList<>();
        List<Map<StreamName, Long>> heads = new ArrayList<>();

        for (int step = 0; step < 600; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    List<Append> batch = batch(random, streams);
                    model.append(batch, store().append(batch), seed);
                }
                case 1 -> {
                    positions.add(store().now());
                    heads.add(model.heads());
                }
                case 2 -> {
                    StreamName stream = streams.get(random.nextInt(streams.size()));
                    long size = model.heads().getOrDefault(stream, 0L);
                    Range range = random.nextBoolean()
                            ? new Range.After(random.nextLong(size + 2))
                            : new Range.Before(random.nextLong(size + 3));
                    int limit = random.nextInt(1, 12);
                    assertThat(store().read(stream, range, limit))
                            .as("%s: %s of %s", seed, range, stream)
                            .isEqualTo(model.read(stream, range, limit));
                }
                default -> {
                    if (!positions.isEmpty()) {
                        int which = random.nextInt(positions.size());
                        Map<StreamName, Long> then = heads.get(which);
                        assertThat(store().seen(positions.get(which), streams))
                                .as("%s", seed)
                                .isEqualTo(then);
                        Changes changes = store().changes(positions.get(which));
                        Map<StreamName, Long> told = new HashMap<>(changes.heads());
                        told.keySet().retainAll(streams);
                        Map<StreamName, Long> changed = model.heads();
                        changed.entrySet().removeAll(then.entrySet());
                        assertThat(told).as("%s", seed).isEqualTo(changed);
                    }
                }
            }
        }
    }

    private static List<Append> batch(Random random, List<StreamName> streams) {
        List<Append> batch = new ArrayList<>();
        for (int size = random.nextInt(1, 10); size > 0; size--) {
            batch.add(new Append(
                    streams.get(random.nextInt(streams.size())),
                    "t" + random.nextInt(3),
                    Json.of("" + random.nextInt(1_000_000)),
                    random.nextInt(3) == 0 ? null : "k" + random.nextInt(60)));
        }
        return batch;
    }

    /** A simple model of streams. */
    final class Model {
        private final Map<StreamName, List<Event>> events = new HashMap<>();

        private Model(List<StreamName> streams) {
            streams.forEach(stream -> events.put(stream, new ArrayList<>()));
        }

        private List<Event> of(StreamName stream) {
            return events.getOrDefault(stream, List.of());
        }

        private Map<StreamName, Long> heads() {
            Map<StreamName, Long> heads = new HashMap<>();
            events.forEach((stream, list) -> heads.put(stream, (long) list.size()));
            return heads;
        }

        private void append(List<Append> batch, List<Appended> results, Seed seed) {
            assertThat(results).as("%s", seed).hasSameSizeAs(batch);
            for (int i = 0; i < batch.size(); i++) {
                Append append = batch.get(i);
                List<Event> stream = of(append.stream());
                @Nullable Event known = null;
                for (Event event : stream) {
                    known = append.key() != null && append.key().equals(event.key()) ? event : known;
                }
                Appended result = results.get(i);
                if (known == null) {
                    assertThat(result.seq()).as("%s", seed).isEqualTo(stream.size() + 1L);
                    assertThat(result.repeated()).as("%s", seed).isFalse();
                    stream.add(new Event(
                            append.stream(), result.seq(), append.type(), append.data(), append.key(), result.at()));
                } else {
                    assertThat(result).as("%s", seed).isEqualTo(new Appended(known.seq(), known.at(), true));
                }
            }
        }

        private ReadResult read(StreamName stream, Range range, int limit) {
            List<Event> all = of(stream);
            if (range instanceof Range.After(long seq) && seq > all.size()) {
                return new ReadResult.Gap(stream, seq, all.size());
            }
            List<Event> some = switch (range) {
                case Range.After(long seq) ->
                    all.stream().filter(event -> event.seq() > seq).toList();
                case Range.Before(long seq) ->
                    all.reversed().stream().filter(event -> event.seq() < seq).toList();
            };
            return new Page(some.stream().limit(limit).toList(), some.size() > limit);
        }
    }
}
