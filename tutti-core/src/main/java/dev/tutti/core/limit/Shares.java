package dev.tutti.core.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Divides a bounded amount, such as permits, bytes or computations, between holders: an address ({@link NetworkAddress}) before a login, an
 * account afterwards. Safe for use by many threads; does not block.
 *
 * <p>No holder has a fixed limit, because an office of a thousand people may have one address. A holder may take free parts as long as it
 * does not hold more than a fixed multiple of the rest that is free (dynamic thresholds, Choudhury and Hahne 1998). A single holder reaches
 * its share of the whole and no more. The more holders take much, the less each gets, and a new holder always finds something free. Holders
 * that are logged in may also take the reserve.
 *
 * <p>One customer may own all /64s of an IPv6 /48, each of which is a holder. So they also count together: a /48 may hold twice the
 * multiple of a /64, and when little is free, no more than a new holder.
 */
public final class Shares {
    private static final int ALL = 100;
    private static final int FEW = 8;
    private static final int WEIGHT_OF_SITE = 2;

    private final long whole;
    private final int percent;
    private final long reserve;
    private final Map<String, Holding> held = new HashMap<>(); // at most twice the whole: each entry holds at least one
    private long taken;

    /** The amount of a holder, or of all holders of a site together; in the map while it is not zero. */
    private static final class Holding {
        private final String name;
        private final @Nullable Holding site;
        private long amount;

        private Holding(String name, @Nullable Holding site) {
            this.name = name;
            this.site = site;
        }
    }

    /**
     * Shares of {@code whole}, at least 1.
     *
     * @param percent the share of a single holder, in percent of the whole, 1 to 100; 100 for no limit for holders
     * @param reservePercent the reserve for holders that are logged in, in percent of the whole, 0 to 90
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
     * @return the part that was taken, which the caller closes; empty if not enough is free, or the holder has its share already
     */
    public synchronized Optional<Part> take(String holder, boolean known, long amount) {
        Holding holding = holding(holder);
        if (!fits(holding, known, amount)) {
            return Optional.empty();
        }
        add(holding, amount);
        return Optional.of(new Part(holding, known, amount));
    }

    /** The amount that all holders have. */
    public synchronized long taken() {
        return taken;
    }

    /** The amount that {@code holder} has; for the name of a /48, the amount of all its holders. */
    public synchronized long taken(String holder) {
        return holding(holder).amount;
    }

    /** The whole amount. */
    public long whole() {
        return whole;
    }

    /** The one in the map, or a new one that has nothing. */
    private Holding holding(String holder) {
        Holding known = held.get(holder);
        return known != null
                ? known
                : new Holding(
                        holder, NetworkAddress.site(holder).map(this::holding).orElse(null));
    }

    private boolean fits(Holding holding, boolean known, long amount) {
        long left = (known ? whole : whole - reserve) - taken - amount;
        Holding site = holding.site;
        return left >= 0
                && isShare(holding.amount + amount, left, 1)
                && (site == null || isShare(site.amount + amount, left, WEIGHT_OF_SITE));
    }

    private boolean isShare(long holds, long left, int weight) {
        boolean few = holds <= Math.max(FEW, whole / ALL);
        // for the weight 1 compared as percentages: holds / (holds + left) is at most the holder's share
        return few || percent == ALL || holds * (ALL - percent) <= left * percent * weight;
    }

    private void add(Holding holding, long amount) {
        taken += amount;
        change(holding, amount);
        if (holding.site != null) {
            change(holding.site, amount);
        }
    }

    private void change(Holding holding, long amount) {
        holding.amount += amount;
        if (holding.amount == 0) {
            held.remove(holding.name);
        } else {
            held.put(holding.name, holding);
        }
    }

    /** An amount that a holder has taken. Closing it returns the amount; idempotent. Safe for use by many threads. */
    public final class Part implements AutoCloseable {
        private Holding holding; // the one in the map, as long as there is an amount
        private boolean known;
        private long amount;

        private Part(Holding holding, boolean known, long amount) {
            this.holding = holding;
            this.known = known;
            this.amount = amount;
        }

        /** Takes {@code more} for the same holder; false, without a change, if this is too much. */
        public boolean grow(long more) {
            synchronized (Shares.this) {
                if (amount == 0 || !fits(holding, known, more)) {
                    return false;
                }
                add(holding, more);
                amount += more;
                return true;
            }
        }

        /** Returns {@code less} of the amount. */
        public void shrink(long less) {
            synchronized (Shares.this) {
                long back = Math.min(less, amount);
                if (back > 0) {
                    add(holding, -back);
                    amount -= back;
                }
            }
        }

        /**
         * Lets the amount count for {@code account} from now on, because the holder has logged in. False, without a change, if the account
         * has its share already.
         */
        public boolean moveTo(String account) {
            synchronized (Shares.this) {
                if (amount == 0 || account.equals(holding.name)) {
                    return amount > 0;
                }
                add(holding, -amount);
                Holding other = holding(account);
                boolean fits = fits(other, true, amount);
                if (fits) {
                    holding = other;
                    known = true;
                }
                add(holding, amount);
                return fits;
            }
        }

        @Override
        public void close() {
            shrink(Long.MAX_VALUE);
        }
    }
}
