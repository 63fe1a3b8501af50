package dev.tutti.server.operations;

import dev.tutti.core.health.Health;
import dev.tutti.health.Status;
import dev.tutti.http.Reply;
import dev.tutti.http.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Health, identity and metrics over HTTP. */
public final class OperationsRoutes {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private record Overall(String status, String instance, Map<String, String> checks, Map<String, String> reasons) {}

    private record Alive(String status, String instance) {}

    private record Dated(String status, Instant timestamp, Map<String, String> checks, Map<String, String> reasons) {}

    private final Health health;
    private final Telemetry telemetry;
    private final InstanceIdentity identity;

    private OperationsRoutes(Health health, Telemetry telemetry, InstanceIdentity identity) {
        this.health = health;
        this.telemetry = telemetry;
        this.identity = identity;
    }

    /** Adds to {@code routes} what tells clients which instance they have. */
    public static void identify(Routes routes, InstanceIdentity identity) {
        routes.on("GET", "/api/instance", request -> fresh(200, identity.told()));
    }

    /** Adds health and metrics to {@code routes}. */
    public static void add(Routes routes, Health health, Telemetry telemetry, InstanceIdentity identity) {
        OperationsRoutes operations = new OperationsRoutes(health, telemetry, identity);
        routes.on("GET", "/health", request -> operations.overall())
                .on("GET", "/health/live", request -> operations.live())
                .on("GET", "/health/ready", request -> operations.ready())
                .on("GET", "/api/health", request -> operations.dated())
                .on("GET", "/metrics", request -> operations.metrics());
    }

    private Reply overall() {
        Health.Report report = health.report();
        return fresh(statusCode(report), overall(report));
    }

    /** The process answers, and that is all that is asked: a restart would not bring a lost database back. */
    private Reply live() {
        return fresh(200, new Alive("alive", identity.instance().value()));
    }

    private Reply ready() {
        Health.Report report = health.readiness();
        return fresh(report.ready() ? 200 : 503, overall(report));
    }

    private Reply dated() {
        Health.Report report = health.report();
        return fresh(
                statusCode(report),
                new Dated(report.status().text(), identity.clock().instant(), checks(report), report.reasons()));
    }

    private Reply metrics() {
        return new Reply(200, List.of(Map.entry("Content-Type", PROMETHEUS), notStored()), telemetry.scraped());
    }

    private Overall overall(Health.Report report) {
        return new Overall(report.status().text(), identity.instance().value(), checks(report), report.reasons());
    }

    private static int statusCode(Health.Report report) {
        return report.status() == Status.UNAVAILABLE ? 503 : 200;
    }

    private static Map<String, String> checks(Health.Report report) {
        return report.checks().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, check -> check.getValue().text(), (one, other) -> one, TreeMap::new));
    }

    private static Reply fresh(int status, Object body) {
        return new Reply(status, List.of(notStored()), body);
    }

    private static Map.Entry<String, String> notStored() {
        return Map.entry("Cache-Control", "no-store");
    }
}
