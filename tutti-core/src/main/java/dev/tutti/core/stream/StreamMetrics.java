package dev.tutti.core.stream;

import dev.tutti.stream.Appended;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** The metrics of streams. */
final class StreamMetrics {
    /** Time from append to acknowledgement. */
    static final String APPEND = "tutti.stream.append";
    /** Events per transaction. */
    static final String BATCH = "tutti.stream.batch";
    /** Appends that wait for a transaction. */
    static final String WAITING = "tutti.stream.waiting";
    /** Streams that have subscribers at this instance. */
    static final String CHANNELS = "tutti.stream.channels";

    private static final Duration[] BOUNDS = LongStream.of(
                    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final Timer append;
    private final DistributionSummary batch;

    StreamMetrics(MeterRegistry meters, StreamHub hub, List<AppendCombiner> combiners) {
        this.meters = meters;
        append = Timer.builder(APPEND)
                .description("Time from append to acknowledgement")
                .serviceLevelObjectives(BOUNDS)
                .register(meters);
        batch = DistributionSummary.builder(BATCH)
                .description("Events per transaction")
                .register(meters);
        Gauge.builder(
                        WAITING,
                        combiners,
                        all -> all.stream().mapToInt(AppendCombiner::waiting).sum())
                .description("Appends that wait for a transaction")
                .register(meters);
        Gauge.builder(CHANNELS, hub, StreamHub::size)
                .description("Streams with subscribers at this instance")
                .register(meters);
    }

    CompletableFuture<Appended> timed(CompletableFuture<Appended> result) {
        Timer.Sample sample = Timer.start(meters);
        return result.whenComplete((_, _) -> sample.stop(append));
    }

    void committed(int events) {
        batch.record(events);
    }
}
