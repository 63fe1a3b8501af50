package dev.tutti.core.health;

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
 * How this instance is: what its dependencies say, and whether it takes requests. Reports are at most a second old; each
 * check has three seconds, and all run at the same time, so that asking is cheap and bounded however often it is done. Safe
 * for use by many threads; blocks.
 */
public final class Health {
    private static final Logger log = LoggerFactory.getLogger(Health.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FRESH = Duration.ofSeconds(1);

    /**
     * A moment's health.
     *
     * @param status unavailable if a required dependency is, else degraded if anything is not healthy
     * @param checks by name
     * @param ready whether requests should be sent here
     */
    public record Report(Status status, Map<String, Status> checks, boolean ready) {}

    private record Registered(HealthCheck check, boolean required) {}

    private record Made(Report report, long nanoTime) {}

    private final Map<String, Registered> checks = new ConcurrentSkipListMap<>();
    private volatile boolean draining;
    private volatile @Nullable Made latest;

    /** Adds a dependency without which nothing works. */
    public void require(String name, HealthCheck check) {
        checks.put(name, new Registered(check, true));
    }

    /** Adds a dependency without which things are slower or fewer. */
    public void prefer(String name, HealthCheck check) {
        checks.put(name, new Registered(check, false));
    }

    /** From now on this instance is not ready: it is leaving. */
    public void drain() {
        draining = true;
    }

    /** How it is now, or was within the last second; how it was last, if it is leaving: that must be known at once. */
    public Report report() {
        Made known = latest;
        Report report = draining && known != null ? known.report() : current();
        return draining ? new Report(report.status(), report.checks(), false) : report;
    }

    private synchronized Report current() {
        long now = System.nanoTime();
        Made known = latest;
        if (known == null || now - known.nanoTime() > FRESH.toNanos()) {
            known = new Made(ask(), now);
            latest = known;
        }
        return known.report();
    }

    private Report ask() {
        Map<String, CompletableFuture<Status>> asked = new LinkedHashMap<>();
        checks.forEach((name, registered) -> asked.put(name, ask(name, registered.check())));
        Map<String, Status> answers = new LinkedHashMap<>();
        asked.forEach((name, answer) -> answers.put(name, answer.join()));
        Status overall = Status.HEALTHY;
        for (Map.Entry<String, Status> answer : answers.entrySet()) {
            Registered registered = checks.get(answer.getKey());
            boolean required = registered != null && registered.required();
            Status counts = answer.getValue() == Status.UNAVAILABLE && !required ? Status.DEGRADED : answer.getValue();
            overall = overall.worse(counts);
        }
        return new Report(overall, Collections.unmodifiableMap(answers), overall != Status.UNAVAILABLE);
    }

    private static CompletableFuture<Status> ask(String name, HealthCheck check) {
        CompletableFuture<Status> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("tutti-health-" + name).start(() -> {
            try {
                answer.complete(check.check());
            } catch (Exception failure) {
                log.warn("Health check {} failed: {}", name, failure.getMessage());
                answer.complete(Status.UNAVAILABLE);
            }
        });
        return answer.completeOnTimeout(Status.UNAVAILABLE, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
