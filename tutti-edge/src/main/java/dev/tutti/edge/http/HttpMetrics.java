package dev.tutti.edge.http;

import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** The metrics of requests. Safe for use by many threads. */
public final class HttpMetrics {
    /** Time from a request's head to its answer, by {@value #ROUTE}, {@value #METHOD} and {@value #STATUS}. */
    public static final String REQUESTS = "tutti.http.requests";
    /** Requests that handlers work on. */
    public static final String IN_FLIGHT = "tutti.http.in.flight";

    /** The route's pattern; {@code assets} for static ones. */
    public static final String ROUTE = "route";
    /** A method that the route has. */
    public static final String METHOD = "method";
    /** The status's class: {@code 2xx} to {@code 5xx}. */
    public static final String STATUS = "status";

    private static final Duration[] BOUNDS = LongStream.of(5, 25, 50, 100, 250, 500, 1_000, 5_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterProvider<Timer> requests;

    HttpMetrics(MeterRegistry meters) {
        requests = Timer.builder(REQUESTS)
                .description("Time from a request's head to its answer")
                .serviceLevelObjectives(BOUNDS) // few: each is a line for each route and status
                .withRegistry(meters);
    }

    void answered(String route, String method, int status, long nanos) {
        requests.withTags(ROUTE, route, METHOD, method, STATUS, status / 100 + "xx")
                .record(nanos, TimeUnit.NANOSECONDS);
    }
}
