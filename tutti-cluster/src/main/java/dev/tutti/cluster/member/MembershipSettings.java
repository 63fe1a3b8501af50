package dev.tutti.cluster.member;

import java.time.Duration;

/**
 * The settings of the membership, the same at all instances. Immutable.
 *
 * @param heartbeatInterval the pause between two heartbeats of an instance, at least 50 ms
 * @param silence the time without a heartbeat after which an instance counts as dead; at least three intervals
 */
public record MembershipSettings(Duration heartbeatInterval, Duration silence) {
    /** A heartbeat every second; an instance counts as dead after 5 seconds. */
    public static final MembershipSettings DEFAULT =
            new MembershipSettings(Duration.ofSeconds(1), Duration.ofSeconds(5));

    public MembershipSettings {
        if (heartbeatInterval.compareTo(Duration.ofMillis(50)) < 0) {
            throw new IllegalArgumentException(
                    "heartbeatInterval is " + heartbeatInterval + "; allowed are 50 ms and more");
        }
        if (silence.compareTo(heartbeatInterval.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("silence is " + silence
                    + "; it must be three times heartbeatInterval at least, which is " + heartbeatInterval);
        }
    }

    /** The time after its last heartbeat for which an instance certainly does not count as dead. */
    Duration trust() {
        return silence.minus(heartbeatInterval);
    }
}
