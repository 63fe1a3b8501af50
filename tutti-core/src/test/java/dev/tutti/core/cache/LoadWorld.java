package dev.tutti.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cluster.NodeTag;
import dev.tutti.core.cache.LoadCoordinator.Answer;
import dev.tutti.core.cache.LoadCoordinator.Asker;
import dev.tutti.core.cache.LoadCoordinator.Granted;
import dev.tutti.core.cache.LoadCoordinator.Handed;
import dev.tutti.core.cache.LoadCoordinator.LoadYourself;
import dev.tutti.core.cache.LoadCoordinator.Waiting;
import dev.tutti.protocol.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Instances that ask a coordinator, load, fail, leave and invalidate at random; it is looked at what the coordinator tells them. */
final class LoadWorld {
    private static final int NODES = 5;
    private static final int KEYS = 3;
    private static final long TIMEOUT = 100;

    private record Question(Asker asker, CacheKey key, VersionVector version, long until) {}

    private static final class Loading {
        final long number;
        final CacheKey key;
        final VersionVector version;
        Asker loader;
        long until;

        Loading(long number, Question by, VersionVector version, long now) {
            this.number = number;
            this.key = by.key();
            this.version = version;
            this.loader = by.asker();
            this.until = now + TIMEOUT / 2;
        }
    }

    private final SplittableRandom random;
    private final LoadCoordinator coordinator = new LoadCoordinator();
    private final Map<Asker, Question> waiting = new HashMap<>();
    private final Map<Long, Loading> loadings = new HashMap<>();
    private final Map<CacheKey, Loading> current = new HashMap<>();
    private final Map<CacheKey, VersionVector> invalidated = new HashMap<>();
    private long now;
    private long numbers;
    private int handed;
    private int replaced;

    LoadWorld(long seed) {
        random = new SplittableRandom(seed);
    }

    int handed() {
        return handed;
    }

    int replaced() {
        return replaced;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        for (long end = now + 3 * TIMEOUT; now < end; ) {
            pass();
        }
        assertThat(coordinator.waiting()).as("who waits for ever").isZero();
        assertThat(loadings).as("loads that are forgotten").isEmpty();
        assertThat(waiting.values()).as("who was told nothing in time").allMatch(question -> question.until() <= now);
        for (int key = 0; key < KEYS; key++) {
            Asker late = new Asker(node(), ++numbers);
            assertThat(coordinator.ask(late, key(key), VersionVector.NONE, TIMEOUT, now))
                    .as("nothing is left of what was")
                    .first()
                    .isInstanceOf(Granted.class);
        }
    }

    private NodeTag node() {
        return new NodeTag("node-" + random.nextInt(NODES));
    }

    private static CacheKey key(int number) {
        return new CacheKey("scores", "key-" + number);
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> ask();
            case 5, 6 -> pass();
            case 7, 8 -> report();
            case 9 -> decline();
            case 10 -> invalidate();
            default -> leave();
        }
    }

    private void invalidate() {
        CacheKey key = key(random.nextInt(KEYS));
        if (random.nextInt(10) == 0) {
            coordinator.fence(0, now);
            current.clear();
        } else {
            invalidated.merge(key, VersionVector.NONE.with(node(), ++numbers), VersionVector::with);
        }
    }

    private void ask() {
        CacheKey key = key(random.nextInt(KEYS));
        VersionVector known =
                random.nextInt(4) == 0 ? VersionVector.NONE : invalidated.getOrDefault(key, VersionVector.NONE);
        Question question = new Question(new Asker(node(), ++numbers), key, known, now + TIMEOUT);
        List<Answer> answers = coordinator.ask(question.asker(), key, known, TIMEOUT, now);
        assertThat(answers).hasSize(1);
        @Nullable Loading there = current.get(key);
        switch (answers.getFirst()) {
            case Granted granted -> {
                assertThat(there == null || !there.version.covers(known))
                        .as("one at a time")
                        .isTrue();
                VersionVector version = there == null ? known : known.with(there.version);
                Loading loading = new Loading(granted.load(), question, version, now);
                assertThat(loadings.put(granted.load(), loading)).isNull();
                current.put(key, loading);
            }
            case Waiting _ -> {
                assertThat(there != null && there.version.covers(known))
                        .as("fresh enough")
                        .isTrue();
                waiting.put(question.asker(), question);
            }
            case Handed _, LoadYourself _ -> throw new AssertionError("there is room for all");
        }
    }

    private Optional<Loading> some() {
        List<Loading> all = new ArrayList<>(loadings.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private void report() {
        some().ifPresent(loading -> {
            boolean stranger = random.nextInt(5) == 0;
            NodeTag from = stranger ? new NodeTag("stranger") : loading.loader.node();
            Optional<Slice> value =
                    random.nextInt(4) == 0 ? Optional.empty() : Optional.of(Slice.of(loading.key.key()));
            List<Answer> answers = coordinator.reported(from, loading.number, value);
            if (stranger) {
                assertThat(answers).isEmpty();
                return;
            }
            remove(loading);
            for (Answer answer : answers) {
                Question question = answered(answer.to());
                if (answer instanceof Handed(Asker _, Slice content)) {
                    handed++;
                    assertThat(content.text()).isEqualTo(question.key().key());
                    assertThat(loading.version.covers(question.version()))
                            .as("fresh enough")
                            .isTrue();
                } else {
                    assertThat(answer).isEqualTo(new LoadYourself(question.asker()));
                }
            }
        });
    }

    /** Nobody is answered twice. */
    private Question answered(Asker who) {
        Question question = waiting.remove(who);
        assertThat(question).as("who was waiting").isNotNull();
        return Objects.requireNonNull(question);
    }

    private void remove(Loading loading) {
        loadings.remove(loading.number);
        current.remove(loading.key, loading);
    }

    private void decline() {
        some().ifPresent(loading -> {
            List<Answer> answers = coordinator.declined(loading.loader.node(), loading.number, now);
            replace(List.of(loading), answers);
        });
    }

    private void leave() {
        NodeTag gone = node();
        waiting.keySet().removeIf(asker -> asker.node().equals(gone));
        List<Answer> answers = coordinator.left(gone, now);
        replace(
                loadings.values().stream()
                        .filter(loading -> loading.loader.node().equals(gone))
                        .toList(),
                answers);
    }

    private void pass() {
        now += random.nextInt(1, 20);
        List<Answer> answers = coordinator.pass(now);
        replace(
                loadings.values().stream()
                        .filter(loading -> loading.until <= now)
                        .toList(),
                answers);
    }

    /** Each of {@code open} is given to somebody who waits for it in time, or nobody does. */
    private void replace(List<Loading> open, List<Answer> answers) {
        Map<Long, Asker> next = new HashMap<>();
        for (Answer answer : answers) {
            Granted granted = (Granted) answer;
            assertThat(next.put(granted.load(), granted.to())).isNull();
        }
        for (Loading loading : open) {
            @Nullable Asker loader = next.remove(loading.number);
            if (loader == null) {
                remove(loading);
            } else {
                replaced++;
                Question question = answered(loader);
                assertThat(question.key()).isEqualTo(loading.key);
                assertThat(question.until())
                        .as("who has given up does not load")
                        .isGreaterThan(now);
                loading.loader = loader;
                loading.until = now + TIMEOUT / 2;
            }
        }
        assertThat(next).as("loads that went on").isEmpty();
    }
}
