package dev.tutti.core.stream;

/**
 * The progress of one subscriber in one stream, and whether it takes new events as they come or reads the log first. Pure: no
 * thread, no clock, no I/O.
 *
 * <p>Order and completeness rest on this alone. An event is taken only if it is the next one; everything else is either old, and
 * dropped, or shows a hole, and the log is read. An announcement that comes late, twice, never or falsely therefore costs time, not
 * correctness. The cursor moves behind an event after that event was had, see {@link #had}.
 */
final class DeliveryCursor {
    private long seen;
    private long known;
    private boolean live;

    /** Nothing behind {@code seen} has been had; the log has not been looked at, and may end before it. */
    DeliveryCursor(long seen) {
        this.seen = seen;
        this.known = seen;
    }

    /** The last seq had. */
    long seen() {
        return seen;
    }

    /** Whether new events are taken as they come. */
    boolean live() {
        return live;
    }

    /**
     * The events {@code first} to {@code last} are offered; those that are taken have to be {@link #had}.
     *
     * @return how many of them to leave out at the front; -1 to take none, and to read the log unless that is going on
     */
    int offer(long first, long last, boolean ready) {
        if (last <= seen) {
            return (int) (last - first + 1);
        }
        known = Math.max(known, last);
        if (!live || !ready || first > seen + 1) {
            live = false;
            return -1;
        }
        return (int) (seen + 1 - first);
    }

    /** Everything up to {@code last} has been had. */
    void had(long last) {
        seen = Math.max(seen, last);
    }

    /** It is said that the stream reaches {@code head}; returns whether the log must be read for it. */
    boolean known(long head) {
        known = Math.max(known, head);
        live &= known <= seen;
        return !live && known > seen;
    }

    /** The log is about to be read behind {@link #seen}; that answers for everything that was said before. */
    void reading() {
        live = false;
        known = seen;
    }

    /** The events that were read of the log have been had; returns whether it must be read on. */
    boolean read(boolean more) {
        live = !more && known <= seen;
        return !live;
    }

    /** The log goes on behind {@code resume}, be that later or earlier; it must be read from there. */
    void gap(long resume) {
        live = false;
        seen = resume;
        known = resume;
    }
}
