package dev.tutti.faults.presence;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.presence.PresenceEvent;
import dev.tutti.testkit.presence.PresenceEvent.Came;
import dev.tutti.testkit.presence.PresenceEvent.Doubtful;
import dev.tutti.testkit.presence.PresenceEvent.Left;
import dev.tutti.testkit.presence.PresenceEvent.Vanished;
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
 * A user who comes and goes: connects to an instance for some seconds, and leaves; or loses the connection, and comes back
 * at once elsewhere, or stays away. The view that an instance in trouble has of the user is doubtful until it is well again. On one
 * thread.
 */
final class SimulatedUser implements Runnable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration TELLING = Duration.ofSeconds(1);
    private static final Duration LONG_AGO = Duration.ofDays(-1);
    private static final int LONGEST_STAY_MILLIS = 8_000;
    private static final int LONGEST_ABSENCE_MILLIS = 8_000;

    private final Account account;
    private final List<URI> addresses;
    private final Api api;
    private final Soundness soundness;
    private final PresenceLog log;
    private final Random random;
    private final Set<Integer> unsettled = new HashSet<>(); // instances connected to, or tried, when they were not well
    private Duration lastLoss = LONG_AGO;
    private @Nullable PresenceEvent last;

    /** The user of {@code account}, who connects to {@code addresses}, where the instances are, directly. */
    SimulatedUser(Account account, List<URI> addresses, Api api, Soundness soundness, PresenceLog log, Random random) {
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
                Optional<Integer> instance = soundness.anyWell(random);
                if (instance.isPresent()) {
                    comeAndGo(instance.get());
                } else {
                    Thread.sleep(LOOK);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void comeAndGo(int instance) throws InterruptedException {
        if (!isBackInTime()) {
            turn(doubtful());
        }
        boolean lost;
        try (PresenceConnection connection = PresenceConnection.begin(api, addresses.get(instance), account)) {
            lost = stay(connection, instance);
            depart(instance, lost);
        } catch (IOException elsewhereThen) {
            unsettled.add(instance);
            Thread.sleep(LOOK);
            return;
        }
        if (!lost) {
            stayAway(instance, false, randomNanos(LONGEST_ABSENCE_MILLIS));
        } else if (random.nextBoolean()) {
            // long enough to have to be noticed
            stayAway(instance, true, log.promise().vanishes().toNanos() + randomNanos(LONGEST_ABSENCE_MILLIS));
        }
    }

    /** Whether somebody who comes now was never away. */
    private boolean isBackInTime() {
        return last instanceof Vanished(String _, Duration at)
                && log.now().minus(at).compareTo(log.promise().grace()) < 0;
    }

    /** Stays for some seconds; whether the connection was lost. */
    private boolean stay(PresenceConnection connection, int instance) throws InterruptedException {
        long end = System.nanoTime() + randomNanos(LONGEST_STAY_MILLIS);
        boolean lost = false;
        while (!lost && System.nanoTime() - end < 0) {
            turn(soundness.isSound(instance) ? new Came(account.name(), log.now()) : doubtful());
            lost = connection.hasEndedWithin(LOOK);
        }
        return lost;
    }

    /** Goes, or notices that the connection is gone. */
    private void depart(int instance, boolean lost) {
        if (lost) {
            lastLoss = log.now();
        }
        if (!(lost ? soundness.isSound(instance) : soundness.isWell(instance))) {
            unsettled.add(instance);
        }
        turn(last instanceof Came && isSettled(lost) ? away(lost) : doubtful());
    }

    /** Stays away for some seconds. */
    private void stayAway(int instance, boolean lost, long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            boolean telling = System.nanoTime() - begin < TELLING.toNanos();
            if (telling && last instanceof Left && !soundness.isWell(instance)) {
                unsettled.add(instance);
                turn(doubtful());
            } else if (last instanceof Doubtful && isSettled(lost)) {
                turn(away(lost));
            }
            Thread.sleep(LOOK);
        }
    }

    /** Whether no earlier connection can make this user appear to be there for longer than one that ended like this. */
    private boolean isSettled(boolean lost) {
        unsettled.removeIf(soundness::isWell);
        Duration sinceLoss = log.now().minus(lastLoss);
        return unsettled.isEmpty() && (lost || sinceLoss.compareTo(log.promise().vanishes()) > 0);
    }

    private PresenceEvent away(boolean lost) {
        return lost ? new Vanished(account.name(), log.now()) : new Left(account.name(), log.now());
    }

    private PresenceEvent doubtful() {
        return new Doubtful(account.name(), log.now());
    }

    private long randomNanos(int mostMillis) {
        return Duration.ofMillis(random.nextInt(mostMillis)).toNanos();
    }

    /** From now on this is so, if it was not so before. */
    private void turn(PresenceEvent moment) {
        if (last == null || last.getClass() != moment.getClass()) {
            last = moment;
            log.add(moment);
        }
    }
}
