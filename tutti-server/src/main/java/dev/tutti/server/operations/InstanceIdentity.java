package dev.tutti.server.operations;

import dev.tutti.core.InstanceId;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The identity of this process among its equals.
 *
 * @param instance its name
 * @param hostname the machine's
 * @param pid the process id
 * @param started when
 * @param clock what time it is
 */
public record InstanceIdentity(InstanceId instance, String hostname, long pid, Instant started, Clock clock) {
    /** This process as {@code instance}. */
    public static InstanceIdentity of(InstanceId instance, Clock clock) {
        RuntimeMXBean jvm = ManagementFactory.getRuntimeMXBean();
        return new InstanceIdentity(
                instance, hostName(), jvm.getPid(), Instant.ofEpochMilli(jvm.getStartTime()), clock);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }

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
