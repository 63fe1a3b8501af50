package dev.tutti.core.health;

import dev.tutti.health.HealthCheck;
import dev.tutti.health.Status;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of this instance: the results of the checks of its dependencies, and whether it should receive requests. Safe for use by many
 * threads; reports block for at most four seconds.
 *
 * <p>A report has no result that is older than two seconds. A check runs again when its result is older than one second; simultaneous
 * reports share one run. All checks run at the same time, each on its own platform thread, so that they are not delayed by busy virtual
 * threads. A check that takes longer than three seconds counts as {@link Status#UNAVAILABLE}, and is not started again before it has ended.
 */
public final class Health {
    private static final Logger log = LoggerFactory.getLogger(Health.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration OLDEST = Duration.ofSeconds(2);
    private static final Duration MOST = PATIENCE.plusSeconds(1); // a result may be too old when the last one arrives
    private static final int DEEPEST = 20;

    /**
     * A snapshot of the health.
     *
     * @param status unavailable if a required dependency is unavailable, otherwise degraded if any dependency is not healthy
     * @param checks the state of each dependency, by name
     * @param reasons the reasons of unavailable dependencies, by name, as far as they are known
     * @param ready whether the instance should receive requests: it is not unavailable, and not about to close
     */
    public record Report(Status status, Map<String, Status> checks, Map<String, String> reasons, boolean ready) {}

    private record Answer(Status status, String reason, long nanoTime) {
        static Answer late(long now) {
            return new Answer(Status.UNAVAILABLE, "no answer within " + PATIENCE.toSeconds() + " s", now);
        }

        static Answer outdated(long now) {
            return new Answer(Status.UNAVAILABLE, "its last answer is over " + OLDEST.toSeconds() + " s old", now);
        }

        boolean isWithin(Duration age, long now) {
            return now - nanoTime <= age.toNanos();
        }
    }

    /** A check and its latest result; guarded by the lock of its {@link Health}. */
    private static final class Registered {
        private final String name;
        private final HealthCheck check;
        private final boolean required;
        private @Nullable Answer answer;
        private boolean asked; // the check is running
        private long askedAt;
        private String told = "";

        Registered(String name, HealthCheck check, boolean required) {
            this.name = name;
            this.check = check;
            this.required = required;
        }

        /** Whether the check must run now. */
        boolean isDue(long now) {
            return !asked && (answer == null || !answer.isWithin(FRESH, now));
        }

        /** The result, if there is one that is not too old. */
        @Nullable
        Answer answer(long now) {
            if (asked && now - askedAt >= PATIENCE.toNanos()) {
                return Answer.late(now);
            }
            return answer != null && answer.isWithin(OLDEST, now) ? answer : null;
        }

        /** Logs each reason once, not with each report. */
        synchronized void tell(Answer answer) {
            String reason = answer.reason().isEmpty() ? "it says so" : answer.reason();
            if (answer.status() != Status.UNAVAILABLE) {
                if (!told.isEmpty()) {
                    log.info("Health: {} is {} again", name, answer.status().text());
                }
                told = "";
            } else if (!reason.equals(told)) {
                log.warn("Health: {} is unavailable: {}", name, reason);
                told = reason;
            }
        }
    }

    private final Map<String, Registered> checks = new ConcurrentSkipListMap<>();
    private final LongSupplier ticker;
    private volatile boolean draining;

    /** The health of an instance without dependencies. */
    public Health() {
        this(System::nanoTime);
    }

    /** As above; {@code ticker} counts nanoseconds. */
    Health(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /**
     * Adds a dependency without which the instance cannot work: if it is unavailable, so is the instance. Replaces a check of the same
     * name.
     */
    public void require(String name, HealthCheck check) {
        checks.put(name, new Registered(name, check, true));
    }

    /** Adds a dependency without which the instance works with restrictions: it is degraded at worst. Replaces a check of the same name. */
    public void prefer(String name, HealthCheck check) {
        checks.put(name, new Registered(name, check, false));
    }

    /** Makes the instance not ready from now on, because it is about to close. */
    public void drain() {
        draining = true;
    }

    /** The present health, with results that are at most two seconds old. Blocks while checks run. */
    public Report report() {
        return report(answers());
    }

    /**
     * The health for load balancers. After {@link #drain} it returns at once and runs no checks: then the report has only results that are
     * known and at most two seconds old, and may have none. Otherwise it is {@link #report}.
     */
    public Report readiness() {
        return draining ? report(known()) : report();
    }

    private synchronized Map<Registered, Answer> known() {
        long now = ticker.getAsLong();
        Map<Registered, Answer> answers = new LinkedHashMap<>();
        for (Registered each : checks.values()) {
            Answer answer = each.answer(now);
            if (answer != null) {
                answers.put(each, answer);
            }
        }
        return answers;
    }

    /** The result of each check. Blocks until all are known; an interrupt does not end the wait, and is restored. */
    private synchronized Map<Registered, Answer> answers() {
        long end = ticker.getAsLong() + MOST.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                long now = ticker.getAsLong();
                long next = end; // when a running check becomes late
                boolean complete = true;
                Map<Registered, Answer> answers = new LinkedHashMap<>();
                for (Registered each : checks.values()) {
                    if (each.isDue(now)) {
                        ask(each, now);
                    }
                    Answer answer = each.answer(now);
                    complete &= answer != null;
                    next = answer == null ? earlier(next, each.askedAt + PATIENCE.toNanos()) : next;
                    answers.put(each, answer == null ? Answer.outdated(now) : answer);
                }
                if (complete || now - end >= 0) {
                    return answers;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, next - now));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private void ask(Registered registered, long now) {
        Thread.ofPlatform()
                .daemon()
                .name("tutti-health-" + registered.name)
                .start(() -> answered(registered, answerOf(registered.check)));
        registered.asked = true; // after the start, which fails if there is no thread
        registered.askedAt = now;
    }

    private Answer answerOf(HealthCheck check) {
        try {
            return new Answer(check.check(), "", ticker.getAsLong());
        } catch (Throwable failure) { // reports wait for a result, also after an Error
            return new Answer(Status.UNAVAILABLE, innermost(failure), ticker.getAsLong());
        }
    }

    private synchronized void answered(Registered registered, Answer answer) {
        registered.answer = answer;
        registered.asked = false;
        notifyAll();
    }

    private Report report(Map<Registered, Answer> given) {
        Map<String, Status> answers = new LinkedHashMap<>();
        Map<String, String> reasons = new LinkedHashMap<>();
        Status overall = Status.HEALTHY;
        for (Map.Entry<Registered, Answer> each : given.entrySet()) {
            Registered asking = each.getKey();
            Answer answer = each.getValue();
            asking.tell(answer);
            answers.put(asking.name, answer.status());
            if (!answer.reason().isEmpty()) {
                reasons.put(asking.name, answer.reason());
            }
            boolean mild = answer.status() == Status.UNAVAILABLE && !asking.required;
            overall = overall.worse(mild ? Status.DEGRADED : answer.status());
        }
        return new Report(
                overall,
                Collections.unmodifiableMap(answers),
                Collections.unmodifiableMap(reasons),
                overall != Status.UNAVAILABLE && !draining);
    }

    /** The message of the innermost cause that has one, for example the database's own message. */
    private static String innermost(Throwable failure) {
        String words = failure.toString();
        Throwable each = failure;
        for (int depth = 0; each != null && depth < DEEPEST; depth++, each = each.getCause()) {
            if (each.getMessage() != null && !each.getMessage().isBlank()) {
                words = each.getMessage().strip();
            }
        }
        return words;
    }
}
