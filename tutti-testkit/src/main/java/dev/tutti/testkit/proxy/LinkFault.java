package dev.tutti.testkit.proxy;

import java.time.Duration;

/** A fault of all connections through a {@link FaultProxy}: of open ones and of new ones, unless a fault says otherwise. Immutable. */
public sealed interface LinkFault {
    /** No fault. */
    LinkFault CLEAR = new Clear();

    /** No fault: bytes pass as they arrive. */
    record Clear() implements LinkFault {}

    /**
     * Each received piece of data is delayed.
     *
     * @param time the delay, at most a minute
     */
    record Delayed(Duration time) implements LinkFault {
        public Delayed {
            if (time.isNegative() || time.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("delay is " + time + "; allowed are PT0S to PT1M");
            }
        }
    }

    /**
     * A slow link.
     *
     * @param bytesPerSecond the rate of each connection in each direction, at least 20
     */
    record Throttled(int bytesPerSecond) implements LinkFault {
        public Throttled {
            if (bytesPerSecond < 20) {
                throw new IllegalArgumentException("bytesPerSecond is " + bytesPerSecond + "; allowed are 20 and more");
            }
        }
    }

    /** Each byte is sent as its own packet. */
    record Split() implements LinkFault {}

    /**
     * No data pass in one direction, or in both, which is a partition. The data wait: when the fault is over they pass, unless one side has
     * closed the connection meanwhile.
     */
    record Stalled(Direction way) implements LinkFault {}

    /**
     * Data are lost, as if the machine of the other side had lost its power. Because lost data cannot arrive later, connections that lost
     * some are reset when the fault changes. The end of a connection does pass.
     */
    record HalfOpen() implements LinkFault {}

    /**
     * The connections that are open when the fault begins are lost without notice, as if a router had forgotten them: nothing passes in
     * either direction, not even the end of the connection. Connections that are opened later have no fault. The lost ones are reset when
     * the fault changes.
     */
    record Vanished() implements LinkFault {}

    /** The server is down: all connections are reset, new ones too. */
    record Down() implements LinkFault {}
}
