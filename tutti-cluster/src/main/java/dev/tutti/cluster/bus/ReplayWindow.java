package dev.tutti.cluster.bus;

import java.util.Arrays;

/**
 * A record of the numbers of one sender that were seen: each counts once, in any order, if it is not more than {@value #SIZE}
 * behind the highest. The window of RFC 4303, section 3.4.3, as wide as what one sender may have under way. Pure; one thread's.
 */
final class ReplayWindow {
    /** How far a number may be behind. */
    static final int SIZE = 1 << 16;

    private static final int BITS = Long.SIZE;

    private final long[] seen = new long[SIZE / BITS];
    private long highest = -1;

    /** Whether {@code number}, not negative, is new; from now on it is not. */
    boolean isNew(long number) {
        if (number > highest) {
            forget(highest + 1, number);
            highest = number;
        } else if (highest - number >= SIZE) {
            return false;
        }
        int word = word(number);
        long bit = 1L << (number % BITS);
        boolean fresh = (seen[word] & bit) == 0;
        seen[word] |= bit;
        return fresh;
    }

    private int word(long number) {
        return (int) (number / BITS % seen.length);
    }

    /** The room of {@code from} to {@code to} has what was noted of numbers that are too far behind by now. */
    private void forget(long from, long to) {
        if (to - from >= SIZE) {
            Arrays.fill(seen, 0);
            return;
        }
        for (long left = to - from; left >= 0; left--) {
            long number = to - left;
            seen[word(number)] &= ~(1L << (number % BITS));
        }
    }
}
