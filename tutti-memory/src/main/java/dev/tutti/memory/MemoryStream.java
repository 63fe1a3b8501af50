package dev.tutti.memory;

import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One stream of a {@link MemoryStreamStore}, guarded by the store's lock. */
final class MemoryStream {
    private record Stored(Event event, long commit) {}

    private final StreamName name;
    private final Retention retention;

    // The events that are kept begin at index first; the places before it are empty and are given back when they are
    // half of all.
    private final List<@Nullable Stored> events = new ArrayList<>();
    private int first;

    private final Map<String, Stored> byKey = new HashMap<>();
    private long head;
    private long lastCommit;
    private long lastTrimmedCommit;
    private Instant lastAt = Instant.MIN;

    MemoryStream(StreamName name, Retention retention) {
        this.name = name;
        this.retention = retention;
    }

    long head() {
        return head;
    }

    StreamHead summary() {
        return new StreamHead(name, head, lastAt);
    }

    long lastCommit() {
        return lastCommit;
    }

    Appended append(Append append, long commit, Instant now) {
        @Nullable Stored known = append.key() == null ? null : byKey.get(append.key());
        if (known != null) {
            return new Appended(known.event.seq(), known.event.at(), true);
        }
        head++;
        lastCommit = commit;
        lastAt = now.isAfter(lastAt) ? now : lastAt;
        Stored stored = new Stored(new Event(name, head, append.type(), append.data(), append.key(), lastAt), commit);
        events.add(stored);
        if (append.key() != null) {
            byKey.put(append.key(), stored);
        }
        if (kept() > retention.maxCount()) {
            dropFirst();
        }
        return new Appended(head, lastAt, false);
    }

    /** Drops what is too old at {@code now}. */
    void trim(Instant now) {
        Instant oldest = now.minus(retention.maxAge());
        while (kept() > 0 && at(firstSeq()).event.at().isBefore(oldest)) {
            dropFirst();
        }
    }

    /** Drops the oldest up to seq {@code through}, at most {@code most}; how many these were. */
    int deleteThrough(long through, int most) {
        int deleted = 0;
        while (deleted < most && kept() > 0 && firstSeq() <= through) {
            dropFirst();
            deleted++;
        }
        return deleted;
    }

    ReadResult after(long seq, int limit) {
        if (seq < firstSeq() - 1) {
            return new ReadResult.Gap(name, seq, firstSeq() - 1);
        }
        if (seq > head) {
            return new ReadResult.Gap(name, seq, head);
        }
        Page page = new Page(limit);
        long next = seq;
        while (next < head && page.takes(at(next + 1).event)) {
            next++;
        }
        return new ReadResult.Page(page.events, next < head);
    }

    ReadResult before(long seq, int limit) {
        Page page = new Page(limit);
        long next = Math.min(seq, head + 1);
        while (next > firstSeq() && page.takes(at(next - 1).event)) {
            next--;
        }
        return new ReadResult.Page(page.events, next > firstSeq());
    }

    /** The last seq committed by {@code commit}; 0 if that one and later ones are gone. */
    long seen(long commit) {
        if (commit >= lastCommit) {
            return head;
        }
        if (commit < lastTrimmedCommit) {
            return 0;
        }
        long seen = firstSeq() - 1;
        long above = head;
        while (above - seen > 1) {
            long middle = (seen + above) >>> 1;
            if (at(middle).commit <= commit) {
                seen = middle;
            } else {
                above = middle;
            }
        }
        return seen;
    }

    private int kept() {
        return events.size() - first;
    }

    private long firstSeq() {
        return head - kept() + 1;
    }

    private Stored at(long seq) {
        @Nullable Stored stored = events.get(first + (int) (seq - firstSeq()));
        if (stored == null) {
            throw new IllegalStateException("seq " + seq + " of " + name + " is not kept");
        }
        return stored;
    }

    private void dropFirst() {
        Stored dropped = at(firstSeq());
        lastTrimmedCommit = dropped.commit;
        if (dropped.event.key() != null) {
            byKey.remove(dropped.event.key());
        }
        events.set(first, null);
        first++;
        if (first > 16 && first > events.size() / 2) {
            events.subList(0, first).clear();
            first = 0;
        }
    }

    /** Events up to the bounds of a page. */
    private static final class Page {
        private final List<Event> events = new ArrayList<>();
        private final int limit;
        private long bytes;

        Page(int limit) {
            this.limit = limit;
        }

        boolean takes(Event event) {
            bytes += event.data().length();
            if (events.size() == limit || bytes > StreamStore.MAX_PAGE_BYTES) {
                return false;
            }
            events.add(event);
            return true;
        }
    }
}
