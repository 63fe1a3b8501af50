package dev.tutti.cluster.member;

import java.time.Duration;

/**
 * The settings of the membership: how often heartbeats come, and when an instance is taken for dead.
 *
 * @param heartbeatInterval pause between heartbeats, at least 50 ms
 * @param silence after how long without a heartbeat others take an instance for dead; at least three intervals
 */
public record MembershipSettings(Duration heartbeatInterval, Duration silence) {
    /** 1 s and 5 s. */
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

    /** How long after its last heartbeat an instance still knows that nobody has taken it for dead. */
    Duration trust() {
        return silence.minus(heartbeatInterval);
    }
}
