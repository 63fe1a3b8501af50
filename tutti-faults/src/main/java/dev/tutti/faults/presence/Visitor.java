package dev.tutti.faults.presence;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.presence.Moment;
import dev.tutti.testkit.presence.Moment.Came;
import dev.tutti.testkit.presence.Moment.Doubtful;
import dev.tutti.testkit.presence.Moment.Left;
import dev.tutti.testkit.presence.Moment.Vanished;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who comes and goes: connects to an instance for some seconds, and leaves; or loses the connection, and comes back
 * at once elsewhere, or stays away. The view that an instance in trouble has of the visitor is doubtful until it is well again. On one
 * thread.
 */
final class Visitor implements Runnable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration TELLING = Duration.ofSeconds(1);
    private static final Duration LONG_AGO = Duration.ofDays(-1);
    private static final int LONGEST_VISIT_MILLIS = 8_000;
    private static final int LONGEST_ABSENCE_MILLIS = 8_000;

    private final Account account;
    private final List<URI> addresses;
    private final Api api;
    private final Soundness soundness;
    private final PresenceLog log;
    private final Random random;
    private final Set<Integer> unsettled = new HashSet<>(); // visited, or tried to, when they were not well
    private Duration lastLoss = LONG_AGO;
    private @Nullable Moment last;

    /** Somebody who goes to {@code addresses}, where the instances are, directly. */
    Visitor(Account account, List<URI> addresses, Api api, Soundness soundness, PresenceLog log, Random random) {
        this.account = account;
        this.addresses = addresses;
        this.api = api;
        this.soundness = soundness;
        this.log = log;
        this.random = random;
    }

    @Override
    public void run() {
        try {
            while (true) {
                Optional<Integer> place = soundness.anyWell(random);
                if (place.isPresent()) {
                    visit(place.get());
                } else {
                    Thread.sleep(LOOK);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void visit(int place) throws InterruptedException {
        if (!isBackInTime()) {
            turn(doubtful());
        }
        boolean lost;
        try (Visit visit = Visit.begin(api, addresses.get(place), account)) {
            lost = stay(visit, place);
            depart(place, lost);
        } catch (IOException elsewhereThen) {
            unsettled.add(place);
            Thread.sleep(LOOK);
            return;
        }
        if (!lost) {
            stayAway(place, false, randomNanos(LONGEST_ABSENCE_MILLIS));
        } else if (random.nextBoolean()) {
            // long enough to have to be noticed
            stayAway(place, true, log.promise().vanishes().toNanos() + randomNanos(LONGEST_ABSENCE_MILLIS));
        }
    }

    /** Whether somebody who comes now was never away. */
    private boolean isBackInTime() {
        return last instanceof Vanished(String _, Duration at)
                && log.now().minus(at).compareTo(log.promise().grace()) < 0;
    }

    /** Stays for some seconds; whether the connection was lost. */
    private boolean stay(Visit visit, int place) throws InterruptedException {
        long end = System.nanoTime() + randomNanos(LONGEST_VISIT_MILLIS);
        boolean lost = false;
        while (!lost && System.nanoTime() - end < 0) {
            turn(soundness.isSound(place) ? new Came(account.name(), log.now()) : doubtful());
            lost = visit.hasEndedWithin(LOOK);
        }
        return lost;
    }

    /** Goes, or notices that the connection is gone. */
    private void depart(int place, boolean lost) {
        if (lost) {
            lastLoss = log.now();
        }
        if (!(lost ? soundness.isSound(place) : soundness.isWell(place))) {
            unsettled.add(place);
        }
        turn(last instanceof Came && isSettled(lost) ? away(lost) : doubtful());
    }

    /** Stays away for some seconds. */
    private void stayAway(int place, boolean lost, long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            boolean telling = System.nanoTime() - begin < TELLING.toNanos();
            if (telling && last instanceof Left && !soundness.isWell(place)) {
                unsettled.add(place);
                turn(doubtful());
            } else if (last instanceof Doubtful && isSettled(lost)) {
                turn(away(lost));
            }
            Thread.sleep(LOOK);
        }
    }

    /** Whether no earlier visit can make this person appear to be there for longer than one that ended like this. */
    private boolean isSettled(boolean lost) {
        unsettled.removeIf(soundness::isWell);
        Duration sinceLoss = log.now().minus(lastLoss);
        return unsettled.isEmpty() && (lost || sinceLoss.compareTo(log.promise().vanishes()) > 0);
    }

    private Moment away(boolean lost) {
        return lost ? new Vanished(account.name(), log.now()) : new Left(account.name(), log.now());
    }

    private Moment doubtful() {
        return new Doubtful(account.name(), log.now());
    }

    private long randomNanos(int mostMillis) {
        return Duration.ofMillis(random.nextInt(mostMillis)).toNanos();
    }

    /** From now on this is so, if it was not so before. */
    private void turn(Moment moment) {
        if (last == null || last.getClass() != moment.getClass()) {
            last = moment;
            log.add(moment);
        }
    }
}
