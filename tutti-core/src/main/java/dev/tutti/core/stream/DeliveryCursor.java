package dev.tutti.core.stream;

/**
 * What one subscriber has had of one stream, and whether it takes new events as they come or reads the log first. Pure:
 * no thread, no clock, no I/O.
 *
 * <p>This is all that order and completeness rest on. An event is taken only if it is the next one; everything else is
 * either old, and dropped, or shows a hole, and the log is read. Whatever is announced late, twice or never therefore
 * costs time, not correctness.
 */
final class DeliveryCursor {
    private long seen;
    private long known;
    private boolean live;

    /** Nothing behind {@code seen} has been had; the log has not been looked at. */
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
     * The events {@code first} to {@code last} are offered.
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
        int skip = (int) (seen + 1 - first);
        seen = last;
        return skip;
    }

    /** It became known that the stream reaches {@code head}; returns whether the log must be read for it. */
    boolean known(long head) {
        known = Math.max(known, head);
        live &= known <= seen;
        return !live && known > seen;
    }

    /** A page of the log, without a hole, was given up to {@code last}; returns whether the log must be read on. */
    boolean readTo(long last, boolean more) {
        seen = Math.max(seen, last);
        live = !more && known <= seen;
        return !live;
    }

    /** What is kept begins behind {@code resume}. */
    void gap(long resume) {
        seen = Math.max(seen, resume);
    }
}
