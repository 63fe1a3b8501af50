package dev.tutti.core.health;

import dev.tutti.health.HealthCheck;
import dev.tutti.health.Status;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this instance is: what its dependencies say, and whether it takes requests. Reports are at most a second old. Each
 * check has three seconds, and all run at the same time, each on a platform thread, because a busy instance is not a sick
 * one. Everybody who asks meanwhile waits for the same answers, and a check that hangs is not begun a second time. Safe for
 * use by many threads; blocks, for three seconds at most.
 */
public final class Health {
    private static final Logger log = LoggerFactory.getLogger(Health.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int DEEPEST = 20;

    /**
     * A moment's health.
     *
     * @param status unavailable if a required dependency is, else degraded if anything is not healthy
     * @param checks by name
     * @param reasons of those that are unavailable, by name, as far as they are known
     * @param ready whether requests should be sent here
     */
    public record Report(Status status, Map<String, Status> checks, Map<String, String> reasons, boolean ready) {}

    private record Answer(Status status, String reason) {
        static final Answer HEALTHY = new Answer(Status.HEALTHY, "");
        static final Answer LATE = new Answer(Status.UNAVAILABLE, "no answer within " + PATIENCE.toSeconds() + " s");
    }

    /** A check, and its answer that is under way. */
    private static final class Registered {
        private final String name;
        private final HealthCheck check;
        private final boolean required;
        private CompletableFuture<Answer> answer = CompletableFuture.completedFuture(Answer.HEALTHY);
        private String told = "";

        Registered(String name, HealthCheck check, boolean required) {
            this.name = name;
            this.check = check;
            this.required = required;
        }

        synchronized CompletableFuture<Answer> ask() {
            if (answer.isDone()) {
                CompletableFuture<Answer> next = new CompletableFuture<>();
                Thread.ofPlatform().daemon().name("tutti-health-" + name).start(() -> answer(next));
                answer = next;
            }
            return answer.copy().completeOnTimeout(Answer.LATE, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void answer(CompletableFuture<Answer> to) {
            try {
                to.complete(new Answer(check.check(), ""));
            } catch (Throwable failure) { // an Error, too, is an answer that is waited for
                to.complete(new Answer(Status.UNAVAILABLE, innermost(failure)));
            }
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

    private record Made(Report report, long nanoTime) {}

    private final Map<String, Registered> checks = new ConcurrentSkipListMap<>();
    private volatile boolean draining;
    private volatile @Nullable Made latest;
    private @Nullable CompletableFuture<Report> asking;

    /** Adds a dependency without which nothing works. */
    public void require(String name, HealthCheck check) {
        checks.put(name, new Registered(name, check, true));
    }

    /** Adds a dependency without which things are slower or fewer. */
    public void prefer(String name, HealthCheck check) {
        checks.put(name, new Registered(name, check, false));
    }

    /** From now on this instance is not ready: it is leaving. */
    public void drain() {
        draining = true;
    }

    /** How it is now, or was within the last second; how it was last, if it is leaving: that must be known at once. */
    public Report report() {
        Made known = latest;
        Report report = draining && known != null ? known.report() : current();
        return draining ? new Report(report.status(), report.checks(), report.reasons(), false) : report;
    }

    private Report current() {
        Made known = latest;
        if (known != null && System.nanoTime() - known.nanoTime() <= FRESH.toNanos()) {
            return known.report();
        }
        return asked().join();
    }

    /** The report that is being made, or a new one. */
    private synchronized CompletableFuture<Report> asked() {
        CompletableFuture<Report> current = asking;
        if (current == null || current.isDone()) {
            current = ask().thenApply(report -> {
                latest = new Made(report, System.nanoTime());
                return report;
            });
            asking = current;
        }
        return current;
    }

    private CompletableFuture<Report> ask() {
        Map<Registered, CompletableFuture<Answer>> asked = new LinkedHashMap<>();
        checks.values().forEach(registered -> asked.put(registered, registered.ask()));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(_ -> report(asked));
    }

    private static Report report(Map<Registered, CompletableFuture<Answer>> asked) {
        Map<String, Status> answers = new LinkedHashMap<>();
        Map<String, String> reasons = new LinkedHashMap<>();
        Status overall = Status.HEALTHY;
        for (Map.Entry<Registered, CompletableFuture<Answer>> each : asked.entrySet()) {
            Registered asking = each.getKey();
            Answer answer = each.getValue().join();
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
                overall != Status.UNAVAILABLE);
    }

    /** What is furthest down and has words for it, the database's own for example. */
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
