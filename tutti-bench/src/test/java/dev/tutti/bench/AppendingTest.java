package dev.tutti.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bench.measure.ClosedLoop;
import dev.tutti.bench.subject.Durable;
import dev.tutti.bench.subject.RawCommits;
import dev.tutti.core.Tutti;
import dev.tutti.core.stream.Streams;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.stream.StreamName;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class AppendingTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void whatIsAcknowledgedIsInTheStreamsOnceAndTheRawLimitIsMeasuredBesideIt() {
        try (Durable durable = new Durable(8);
                RawCommits raw = durable.rawCommits(8, 100)) {
            String database = durable.newDatabase("remote");
            ClosedLoop.Round rows = ClosedLoop.run(raw.callers(), SHORT);
            ClosedLoop.Round appended = ClosedLoop.run(Appends.callers(durable.streams(), 8, 4, 100), SHORT);
            ClosedLoop.Round published;
            try (Durable.Remote remote = Durable.remote(database, 8, 4, 100)) {
                published = remote.publish(SHORT);
            }
            assertThat(rows.calls()).isPositive().isEqualTo(rows.latencies().getTotalCount());
            assertThat(appended.calls()).isGreaterThanOrEqualTo(8);
            assertThat(published.calls()).isGreaterThanOrEqualTo(8);
            assertThat(stored(durable.streams())).isEqualTo(appended.calls());
            try (Tutti same = Tutti.on(PostgresBackend.open(database)).start()) {
                assertThat(stored(same.streams())).isEqualTo(published.calls());
            }
            assertThat(durable.version()).startsWith("PostgreSQL 1");
        }
    }

    private static long stored(Streams streams) {
        long stored = 0;
        for (int stream = 0; stream < 4; stream++) {
            stored += streams.head(StreamName.of("room", "bench" + stream));
        }
        return stored;
    }
}
