package dev.tutti.memory;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.ListingStreamStore;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.RetainingStreamStore;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StoreBounds;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Streams in the memory of one process, gone with it: the reference that durable stores are compared with.
 *
 * <p>One lock guards everything, so that a commit is one step of a counter, and a {@link Position} the value of that
 * counter behind the store's own id. The kept events are bounded by the {@link RetentionPolicy} alone: a policy without a
 * bound on the count keeps everything younger than its age. Of a stream whose events are all gone its head remains.
 */
public final class MemoryStreamStore implements RetainingStreamStore, ListingStreamStore, DeletingStreamStore {
    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final RetentionPolicy policy;
    private final Clock clock;

    // All guarded by this. The stream that changed last stands last, so that changes() walks over changed streams
    // alone.
    private final LinkedHashMap<StreamName, MemoryStream> streams = new LinkedHashMap<>();
    private final NavigableMap<String, MemoryStream> byName = new TreeMap<>();
    private long commits;

    /** An empty store that keeps what {@code policy} says, by the time of {@code clock}. */
    public MemoryStreamStore(RetentionPolicy policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    @Override
    public List<Appended> append(List<Append> appends) {
        StoreBounds.requireAppends(appends.size());
        synchronized (this) {
            if (appends.isEmpty()) {
                return List.of();
            }
            commits++;
            Instant now = now(clock);
            List<Appended> results = new ArrayList<>(appends.size());
            for (Append append : appends) {
                MemoryStream stream = streams.computeIfAbsent(append.stream(), this::empty);
                stream.trim(now);
                Appended appended = stream.append(append, commits, now);
                if (!appended.repeated()) {
                    streams.putLast(append.stream(), stream);
                }
                results.add(appended);
            }
            return results;
        }
    }

    @Override
    public ReadResult read(StreamName stream, Range range, int limit) {
        StoreBounds.requirePage(limit);
        synchronized (this) {
            @Nullable MemoryStream known = streams.get(stream);
            if (known == null) {
                return range instanceof Range.After(long seq) && seq > 0
                        ? new ReadResult.Gap(stream, seq, 0)
                        : new ReadResult.Page(List.of(), false);
            }
            known.trim(now(clock));
            return switch (range) {
                case Range.After(long seq) -> known.after(seq, limit);
                case Range.Before(long seq) -> known.before(seq, limit);
            };
        }
    }

    @Override
    public synchronized Position now() {
        return new Position(id + "." + commits);
    }

    @Override
    public synchronized Changes changes(Position since) {
        long commit = commit(since);
        Map<StreamName, Long> heads = new HashMap<>();
        for (Map.Entry<StreamName, MemoryStream> entry :
                streams.sequencedEntrySet().reversed()) {
            if (entry.getValue().lastCommit() <= commit) {
                break;
            }
            if (heads.size() == MAX_STREAMS) {
                return new Changes(now(), Map.of(), false);
            }
            heads.put(entry.getKey(), entry.getValue().head());
        }
        return new Changes(now(), Map.copyOf(heads), true);
    }

    @Override
    public synchronized Map<StreamName, Long> seen(Position position, Collection<StreamName> names) {
        StoreBounds.requireStreams(names.size());
        long commit = commit(position);
        Map<StreamName, Long> seen = new HashMap<>();
        for (StreamName name : names) {
            @Nullable MemoryStream stream = streams.get(name);
            seen.put(name, stream == null ? 0 : stream.seen(commit));
        }
        return seen;
    }

    @Override
    public synchronized void retain() {
        Instant now = now(clock);
        streams.values().forEach(stream -> stream.trim(now));
    }

    @Override
    public List<StreamHead> list(String from, String before, int limit) {
        StoreBounds.requireListed(limit);
        if (from.compareTo(before) >= 0) {
            return List.of();
        }
        synchronized (this) {
            return byName.subMap(from, before).values().stream()
                    .limit(limit)
                    .map(MemoryStream::summary)
                    .toList();
        }
    }

    @Override
    public synchronized int delete(StreamName stream, long through) {
        @Nullable MemoryStream known = streams.get(stream);
        return known == null ? 0 : known.deleteThrough(through, MAX_DELETED);
    }

    private MemoryStream empty(StreamName name) {
        MemoryStream stream = new MemoryStream(name, policy.of(name));
        byName.put(name.value(), stream);
        return stream;
    }

    private long commit(Position position) {
        String token = position.token();
        if (token.startsWith(id + ".")) {
            String digits = token.substring(id.length() + 1);
            if (digits.matches("0|[1-9][0-9]{0,17}") && Long.parseLong(digits) <= commits) {
                return Long.parseLong(digits);
            }
        }
        throw new TuttiException(ErrorCode.BAD_REQUEST, "position is not one of this store's");
    }

    private static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
