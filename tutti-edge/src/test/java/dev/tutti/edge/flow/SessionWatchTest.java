package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.socket.Principal;
import dev.tutti.testkit.fixture.OutageLines;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionWatchTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Set<String>> asked = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> cut = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong ahead = new AtomicLong(); // of the system's time, in nanoseconds
    private volatile @Nullable Thread asking;
    private final OutageLines lines = new OutageLines();
    private @Nullable SessionWatch watch;

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
        lines.close();
    }

    @Test
    void aConnectionOfALoginThatHadEndedIsCutAsSoonAsItIsNoted() {
        ended.add("s1");
        SessionWatch watching = watch(NEVER);

        connect(watching, "s1");
        connect(watching, "s2");

        await().until(() -> cut.contains("s1"));
        assertThat(cut).containsExactly("s1");
    }

    @Test
    void aLoginThatEndsUnheardIsFoundByTheNextLook() {
        SessionWatch watching = watch(Duration.ofMillis(100));
        connect(watching, "s1");
        connect(watching, "s2");

        ended.add("s2");

        await().until(() -> cut.contains("s2"));
        assertThat(cut).containsOnly("s2");
    }

    @Test
    void allAreLookedAtWithTheNextOneWhenTheIntervalIsOver() {
        SessionWatch watching = watch(NEVER);
        connect(watching, "s1");
        await().until(() -> asked.contains(Set.of("s1")));
        ended.add("s1");

        ahead.set(NEVER.toNanos());
        connect(watching, "s2");

        await().until(() -> cut.contains("s1"));
    }

    @Test
    void allAreLookedAtInOneQuestionWhenSomethingMayHaveBeenMissed() {
        SessionWatch watching = watch(NEVER);
        for (int i = 0; i < 1_000; i++) {
            connect(watching, "s" + i);
        }
        await().until(() -> asked.stream().mapToInt(Set::size).sum() >= 1_000);
        asked.clear();
        ended.add("s17");

        watching.lookAgain();

        await().until(() -> cut.contains("s17"));
        assertThat(asked).hasSize(1);
        assertThat(asked.element()).hasSize(1_000);
    }

    @Test
    void whateverAQuestionThrowsTheNextOneComes() {
        SessionWatch watching = watch(Duration.ofMillis(100));
        failures.set(3);
        ended.add("s1");

        connect(watching, "s1");

        await().until(() -> cut.contains("s1"));
        assertThat(failures).hasValue(0);
    }

    @Test
    void aLookThatFailedIsRepeatedAfterItsOwnPauseAndNotWithTheNextOne() {
        SessionWatch watching = start(new SessionWatch(this::ask, NEVER, Duration.ofMillis(1), this::now, _ -> {}));
        connect(watching, "s1");
        await().until(() -> asked.contains(Set.of("s1")));
        failures.set(3);
        ended.add("s1");

        watching.lookAgain();

        await().until(() -> cut.contains("s1"));
        assertThat(failures).hasValue(0);
    }

    @Test
    void looksThatFailAreOneLineAndThatTheySucceedAgainIsAnother() {
        SessionWatch watching = start(new SessionWatch(this::ask, NEVER, Duration.ofMillis(1), this::now, _ -> {}));
        failures.set(3);

        connect(watching, "s1");

        await().until(() -> lines.of(asking).size() == 2);
        assertThat(lines.of(asking))
                .containsExactly(
                        "WARNING Which logins have ended cannot be found out; tried again every 1 ms:"
                                + " the store is away, and how",
                        "INFO Which logins have ended is found out again");
        assertThat(failures).hasValue(0);
    }

    @Test
    void nobodyAsksAboutAConnectionThatHasEnded() {
        SessionWatch watching = watch(Duration.ofMillis(50));
        connect(watching, "s1").close();
        connect(watching, "s2");

        await().until(() -> asked.contains(Set.of("s2")));
        assertThat(watching.sessions().ids()).containsExactly("s2");
    }

    private long now() {
        return System.nanoTime() + ahead.get();
    }

    private SessionWatch watch(Duration interval) {
        return start(new SessionWatch(this::ask, interval, this::now, _ -> {}));
    }

    private SessionWatch start(SessionWatch watching) {
        watch = watching;
        watching.start();
        return watching;
    }

    private Collection<String> ask(Collection<String> sessions) {
        asking = Thread.currentThread();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new AssertionError("the store is away, and how");
        }
        asked.add(Set.copyOf(sessions));
        return List.copyOf(ended.stream().filter(sessions::contains).toList());
    }

    private Handle connect(SessionWatch watching, String session) {
        return watching.sessions().add(new Principal("ann", session, Instant.MAX), _ -> cut.add(session));
    }
}
