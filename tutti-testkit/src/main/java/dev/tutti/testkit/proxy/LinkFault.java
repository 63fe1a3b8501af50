package dev.tutti.testkit.proxy;

import java.time.Duration;

/** A fault that a proxy brings on everything that goes through it, connections that are open already and new ones alike. */
public sealed interface LinkFault {
    /** Nothing. */
    LinkFault CLEAR = new Clear();

    /** Bytes go through as they come. */
    record Clear() implements LinkFault {}

    /**
     * Each piece is held for a while.
     *
     * @param time up to a minute
     */
    record Delayed(Duration time) implements LinkFault {
        public Delayed {
            if (time.isNegative() || time.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("delay is " + time + "; allowed are PT0S to PT1M");
            }
        }
    }

    /**
     * A slow line.
     *
     * @param bytesPerSecond of each connection and way, 20 and more
     */
    record Throttled(int bytesPerSecond) implements LinkFault {
        public Throttled {
            if (bytesPerSecond < 20) {
                throw new IllegalArgumentException("bytesPerSecond is " + bytesPerSecond + "; allowed are 20 and more");
            }
        }
    }

    /** Each byte is a packet of its own. */
    record Split() implements LinkFault {}

    /**
     * Nothing moves one way, or both ways, which is a partition. It waits: when the fault is over, it goes on where it
     * stood, unless somebody gave up meanwhile.
     */
    record Stalled(Direction way) implements LinkFault {}

    /**
     * Bytes vanish, as if the other side's machine had lost its power. Vanished bytes cannot come later: connections that
     * lost any are reset when the fault changes. The close of a connection does get through.
     */
    record HalfOpen() implements LinkFault {}

    /**
     * The connections that are open when it begins vanish, as if a router had forgotten them: nothing comes through, either way, and
     * neither side is told, not even that the other one closes. Those that are opened later are well. Connections that vanished are
     * reset when the fault changes.
     */
    record Vanished() implements LinkFault {}

    /** There is nobody at the other end: connections are reset, new ones too. */
    record Down() implements LinkFault {}
}
