package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Append;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Event;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A store that forgets its latest events, as a failover to a replica that was behind does. */
final class LossyStore extends ForwardingStreamStore {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private volatile StreamStore present = fresh();

    /** Whether positions of before are refused afterwards. */
    private final boolean noticed;

    LossyStore(boolean noticed) {
        this.noticed = noticed;
    }

    private StreamStore fresh() {
        InstantSource ticks = () -> now.updateAndGet(before -> before.plus(Duration.ofMillis(1)));
        return new MemoryStreamStore(
                new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))),
                ticks.withZone(Clock.systemUTC().getZone()));
    }

    /** From now on {@code stream} has its first {@code kept} events alone. */
    synchronized void loseBehind(StreamName stream, long kept) {
        StreamStore after = fresh();
        Instant failover = now.get();
        if (kept > 0 && present.read(stream, new Range.After(0), (int) kept) instanceof ReadResult.Page page) {
            for (Event event : page.events()) {
                now.set(event.at().minus(Duration.ofMillis(1))); // the same event, at the same time
                after.append(List.of(new Append(stream, event.type(), event.data(), event.key())));
            }
        }
        now.set(failover.plusSeconds(1));
        present = after;
    }

    @Override
    protected synchronized StreamStore behind() {
        return present;
    }

    @Override
    public synchronized Changes changes(Position since) {
        try {
            return present.changes(since);
        } catch (TuttiException another) {
            if (noticed) {
                throw another;
            }
            return new Changes(
                    present.now(), Map.of(), true); // as a snapshot may, in which lost transactions count as seen
        }
    }
}
