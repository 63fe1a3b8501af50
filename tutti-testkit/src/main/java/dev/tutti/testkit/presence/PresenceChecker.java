package dev.tutti.testkit.presence;

import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.presence.PresenceEvent.Blind;
import dev.tutti.testkit.presence.PresenceEvent.Came;
import dev.tutti.testkit.presence.PresenceEvent.Doubtful;
import dev.tutti.testkit.presence.PresenceEvent.Left;
import dev.tutti.testkit.presence.PresenceEvent.Shown;
import dev.tutti.testkit.presence.PresenceEvent.Vanished;
import dev.tutti.testkit.presence.PresenceEvent.Watching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks the presence that observers were shown, against the true presence of users. A user who is online is shown as online in time. A
 * user who is offline is not shown as online for longer than is allowed. A user who was without a connection for at most the grace time is
 * never shown as offline. At the beginning no user is online. For one thread.
 */
public final class PresenceChecker {
    private static final String WHERE = "presence";

    private enum State {
        PRESENT,
        LEFT,
        VANISHED,
        DOUBTFUL
    }

    /** A period in which the state of a person, or of an observer (present means watching), did not change. */
    private record Stretch(State state, Duration from, Duration to) {
        boolean present() {
            return state == State.PRESENT;
        }

        boolean holds(Duration time) {
            return time.compareTo(from) >= 0 && time.compareTo(to) < 0;
        }

        Duration length() {
            return to.minus(from);
        }
    }

    private final PresencePromise promise;
    private final Duration end;
    private final Map<String, List<Stretch>> truth = new TreeMap<>();
    private final Map<String, List<Stretch>> watching = new TreeMap<>();
    private final Map<String, Map<String, List<Shown>>> shown = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private PresenceChecker(PresencePromise promise, Duration end) {
        this.promise = promise;
        this.end = end;
    }

    /**
     * The findings of a run; empty if everything was right.
     *
     * @param moments all events of the run, in any order
     * @param promise the allowed times
     * @param end the end of the run
     */
    public static List<Finding> check(List<PresenceEvent> moments, PresencePromise promise, Duration end) {
        PresenceChecker checker = new PresenceChecker(promise, end);
        moments.stream().sorted(Comparator.comparing(PresenceEvent::at)).forEach(checker::read);
        checker.watching
                .keySet()
                .forEach(observer -> checker.truth.keySet().forEach(person -> checker.judge(observer, person)));
        return List.copyOf(checker.findings);
    }

    private void read(PresenceEvent moment) {
        switch (moment) {
            case Came(String person, Duration at) -> turn(truth, person, State.PRESENT, at);
            case Left(String person, Duration at) -> turn(truth, person, State.LEFT, at);
            case Vanished(String person, Duration at) -> turn(truth, person, State.VANISHED, at);
            case Doubtful(String person, Duration at) -> turn(truth, person, State.DOUBTFUL, at);
            case Watching(String observer, Duration at) -> turn(watching, observer, State.PRESENT, at);
            case Blind(String observer, Duration at) -> turn(watching, observer, State.LEFT, at);
            case Shown one ->
                shown.computeIfAbsent(one.observer(), _ -> new TreeMap<>())
                        .computeIfAbsent(one.person(), _ -> new ArrayList<>())
                        .add(one);
        }
    }

    /** Ends the last period, and begins another one. */
    private void turn(Map<String, List<Stretch>> map, String who, State state, Duration at) {
        List<Stretch> stretches = map.computeIfAbsent(who, _ -> new ArrayList<>());
        if (!stretches.isEmpty()) {
            Stretch last = stretches.removeLast();
            stretches.add(new Stretch(last.state(), last.from(), at));
        }
        stretches.add(new Stretch(state, at, end));
    }

    private void judge(String observer, String person) {
        List<Shown> sights = shown.getOrDefault(observer, Map.of()).getOrDefault(person, List.of());
        List<Stretch> stretches = truth.getOrDefault(person, List.of());
        for (int i = 0; i < stretches.size(); i++) {
            Stretch stretch = stretches.get(i);
            if (isGraced(stretches, i)) {
                // observers must not see the absence, nor afterwards, until the person may have gone again
                Duration known = stretch.to().plus(promise.appears());
                Duration gone = stretches.get(i + 1).to();
                Duration until = known.compareTo(gone) < 0 ? known : gone;
                flickers(observer, person, sights, new Stretch(State.VANISHED, stretch.from(), until));
            } else if (stretch.state() != State.DOUBTFUL) {
                Duration limit = limit(stretch);
                if (stretch.length().compareTo(limit) > 0) {
                    Duration due = stretch.from().plus(limit);
                    stale(observer, person, sights, stretch, due);
                }
            }
        }
    }

    /** Whether period {@code i} is an absence within the grace time of a person who had been present for long enough to be shown. */
    private boolean isGraced(List<Stretch> stretches, int i) {
        if (i == 0 || i + 1 == stretches.size()) {
            return false;
        }
        Stretch before = stretches.get(i - 1);
        Stretch away = stretches.get(i);
        return before.present()
                && before.length().compareTo(promise.appears()) > 0
                && away.state() == State.VANISHED
                && away.length().compareTo(promise.grace()) <= 0
                && stretches.get(i + 1).present();
    }

    private Duration limit(Stretch stretch) {
        return switch (stretch.state()) {
            case PRESENT -> promise.appears();
            case LEFT -> promise.leaves();
            case VANISHED, DOUBTFUL -> promise.vanishes();
        };
    }

    private void flickers(String observer, String person, List<Shown> sights, Stretch away) {
        for (Shown sight : sights) {
            if (!sight.present() && away.holds(sight.at())) {
                found(
                        Fault.FLICKER,
                        observer + " was shown at " + sight.at() + " that " + person + " is away, who was so only from "
                                + away.from() + " for at most the grace time of " + promise.grace());
            }
        }
    }

    /** From {@code due} to the end of the period, the observer must be shown the true state. */
    private void stale(String observer, String person, List<Shown> sights, Stretch stretch, Duration due) {
        String truth = stretch.present() ? "present" : "absent";
        if (hasWatchedAt(observer, due) && presentAt(sights, due) != stretch.present()) {
            found(
                    Fault.STALE_PRESENCE,
                    observer + " is not shown that " + person + ", " + truth + " since " + stretch.from()
                            + ", is so by " + due);
        }
        Stretch settled = new Stretch(stretch.state(), due, stretch.to());
        for (Shown sight : sights) {
            if (sight.present() != stretch.present() && settled.holds(sight.at())) {
                found(
                        stretch.present() ? Fault.FLICKER : Fault.STALE_PRESENCE,
                        observer + " was shown the contrary at " + sight.at() + " of " + person + ", who is " + truth
                                + " since " + stretch.from());
            }
        }
    }

    private boolean hasWatchedAt(String observer, Duration time) {
        return watching.getOrDefault(observer, List.of()).stream()
                .anyMatch(stretch -> stretch.present()
                        && stretch.holds(time)
                        && stretch.from().plus(promise.appears()).compareTo(time) <= 0);
    }

    private static boolean presentAt(List<Shown> sights, Duration time) {
        boolean present = false;
        for (Shown sight : sights) {
            if (sight.at().compareTo(time) <= 0) {
                present = sight.present();
            }
        }
        return present;
    }

    private void found(Fault fault, String text) {
        findings.add(new Finding(fault, WHERE, text));
    }
}
