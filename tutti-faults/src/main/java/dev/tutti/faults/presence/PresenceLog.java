package dev.tutti.faults.presence;

import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.History;
import dev.tutti.testkit.presence.PresenceChecker;
import dev.tutti.testkit.presence.PresenceEvent;
import dev.tutti.testkit.presence.PresenceEvent.Blind;
import dev.tutti.testkit.presence.PresenceEvent.Came;
import dev.tutti.testkit.presence.PresenceEvent.Doubtful;
import dev.tutti.testkit.presence.PresenceEvent.Left;
import dev.tutti.testkit.presence.PresenceEvent.Shown;
import dev.tutti.testkit.presence.PresenceEvent.Vanished;
import dev.tutti.testkit.presence.PresenceEvent.Watching;
import dev.tutti.testkit.presence.PresencePromise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything of a run that has to do with presence, by the clock of its history. Safe for use by many threads. */
final class PresenceLog {
    /**
     * The time that the looks at instances and a busy machine add to the promised one: a look, and the longest answer that counts.
     */
    private static final Duration BENCH = Duration.ofSeconds(1);

    private static final PresencePromise PROMISE = new PresencePromise(
            Duration.ofSeconds(1).plus(BENCH),
            Duration.ofSeconds(1).plus(BENCH),
            Duration.ofSeconds(10).plus(BENCH),
            Duration.ofSeconds(4));

    private final History history;
    private final List<PresenceEvent> moments = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private long observations;

    PresenceLog(History history) {
        this.history = history;
    }

    /** How long ago the run began. */
    Duration now() {
        return history.age();
    }

    /** How soon what is added here must be seen, as far as the bench can tell. */
    PresencePromise promise() {
        return PROMISE;
    }

    synchronized void add(PresenceEvent moment) {
        moments.add(moment);
        switch (moment) {
            case Came(String person, Duration _) -> known.add(person);
            case Left(String person, Duration _) -> known.add(person);
            case Vanished(String person, Duration _) -> known.add(person);
            case Doubtful(String person, Duration _) -> known.remove(person);
            case Watching _, Blind _, Shown _ -> {
                // about observers
            }
        }
    }

    /** An instance that has to know has said whether {@code person} is there. */
    synchronized void observed(String person) {
        if (known.contains(person)) {
            observations++;
        }
    }

    /** How often that was said of somebody of whom it was not doubtful. */
    synchronized long observations() {
        return observations;
    }

    /** Keeps it for people: one line per moment, in order. */
    synchronized void write(Path file) throws IOException {
        List<String> lines = moments.stream()
                .sorted(Comparator.comparing(PresenceEvent::at))
                .map(moment -> "%.3f %s".formatted(moment.at().toNanos() / 1e9, moment))
                .toList();
        Files.write(file, lines);
    }

    /** The findings of a run that ended at {@code end}. */
    synchronized List<Finding> findings(Duration end) {
        return PresenceChecker.check(moments, PROMISE, end);
    }
}
