package dev.tutti.server.operations;

import dev.tutti.core.InstanceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * This process among its equals.
 *
 * @param instance its name
 * @param hostname the machine's
 * @param pid the process id
 * @param started when
 * @param clock what time it is
 */
public record Identity(InstanceId instance, String hostname, long pid, Instant started, Clock clock) {
    /** As {@code /api/instance} tells it; uptime in seconds. */
    record Told(String id, String hostname, long pid, Instant startTime, double uptime) {}

    Told told() {
        return new Told(
                instance.value(),
                hostname,
                pid,
                started,
                Duration.between(started, clock.instant()).toMillis() / 1000.0);
    }
}
