package dev.tutti.core.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Divides a bounded whole, such as seats, bytes or computations, between holders: an address ({@link NetworkAddress}) before
 * somebody has logged in, an account afterwards. Safe for use by many threads; does not block.
 *
 * <p>No holder has a fixed limit, because an office of a thousand people may have one address. A holder may take what is
 * free, as long as it does not hold more than a fixed multiple of what is left for the others (dynamic thresholds, Choudhury
 * and Hahne 1998). One holder alone comes to its share of the whole and no further; the more holders take much, the less each
 * gets; and a newcomer finds something free. Those who are logged in may take the reserve as well.
 */
public final class Shares {
    private static final int ALL = 100;
    private static final int FEW = 8;

    private final long whole;
    private final int percent;
    private final long reserve;
    private final Map<String, Long> held = new HashMap<>(); // bounded by the whole: each entry holds at least one
    private long taken;

    /**
     * Divides {@code whole}, at least 1.
     *
     * @param percent how much of it one holder may have while nobody else asks, 1 to 100; 100 is no limit for holders
     * @param reservePercent how much of it is kept for those who are logged in, 0 to 90
     */
    public Shares(long whole, int percent, int reservePercent) {
        if (whole < 1 || percent < 1 || percent > ALL || reservePercent < 0 || reservePercent > 90) {
            throw new IllegalArgumentException("shares are of " + whole + ", " + percent + " % for one and "
                    + reservePercent + " % in reserve; allowed are 1 and more, 1 to 100, 0 to 90");
        }
        this.whole = whole;
        this.percent = percent;
        this.reserve = whole * reservePercent / 100;
    }

    /**
     * Takes {@code amount}, at least 1, for {@code holder}.
     *
     * @param known whether the holder is logged in, and may have the reserve
     * @return what was taken, to be closed; empty if there is not as much, or the holder has its share
     */
    public synchronized Optional<Part> take(String holder, boolean known, long amount) {
        if (!fits(holder, known, amount)) {
            return Optional.empty();
        }
        add(holder, amount);
        return Optional.of(new Part(holder, known, amount));
    }

    /** How much is taken. */
    public synchronized long taken() {
        return taken;
    }

    /** How much {@code holder} has. */
    public synchronized long taken(String holder) {
        return held.getOrDefault(holder, 0L);
    }

    /** How much there is. */
    public long whole() {
        return whole;
    }

    private boolean fits(String holder, boolean known, long amount) {
        long left = (known ? whole : whole - reserve) - taken - amount;
        if (left < 0) {
            return false;
        }
        long holds = held.getOrDefault(holder, 0L) + amount;
        boolean few = holds <= Math.max(FEW, whole / ALL);
        // compared as percentages: holds / (holds + left) is at most the holder's share
        return few || percent == ALL || holds * (ALL - percent) <= left * percent;
    }

    private void add(String holder, long amount) {
        taken += amount;
        long now = held.getOrDefault(holder, 0L) + amount;
        if (now == 0) {
            held.remove(holder);
        } else {
            held.put(holder, now);
        }
    }

    /** What one holder has taken at a time; closing it, which is idempotent, gives it back. Safe for use by many threads. */
    public final class Part implements AutoCloseable {
        private String holder;
        private boolean known;
        private long amount;

        private Part(String holder, boolean known, long amount) {
            this.holder = holder;
            this.known = known;
            this.amount = amount;
        }

        /** Takes {@code more} for the same holder; false, and nothing is changed, if that is too much. */
        public boolean grow(long more) {
            synchronized (Shares.this) {
                if (amount == 0 || !fits(holder, known, more)) {
                    return false;
                }
                add(holder, more);
                amount += more;
                return true;
            }
        }

        /** Gives {@code less} of it back. */
        public void shrink(long less) {
            synchronized (Shares.this) {
                long back = Math.min(less, amount);
                if (back > 0) {
                    add(holder, -back);
                    amount -= back;
                }
            }
        }

        /**
         * The holder has logged in: from now on this counts for {@code account}. False, and nothing is changed, if the account
         * has its share already.
         */
        public boolean moveTo(String account) {
            synchronized (Shares.this) {
                if (amount == 0 || account.equals(holder)) {
                    return amount > 0;
                }
                add(holder, -amount);
                boolean fits = fits(account, true, amount);
                if (fits) {
                    holder = account;
                    known = true;
                }
                add(holder, amount);
                return fits;
            }
        }

        @Override
        public void close() {
            shrink(Long.MAX_VALUE);
        }
    }
}
