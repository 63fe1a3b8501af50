package dev.tutti.bench;

import dev.tutti.bench.measure.ClosedLoop;
import dev.tutti.core.stream.Streams;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.stream.IntStream;

/** Callers that append to streams, as application code does: each waits for its acknowledgement. */
final class Appends {
    private Appends() {}

    /** {@code callers} of them, spread over {@code count} streams, with events of {@code size} bytes. */
    static List<ClosedLoop.Call> callers(Streams streams, int callers, int count, int size) {
        Json data = Json.of('"' + ".".repeat(size - 2) + '"');
        return IntStream.range(0, callers)
                .<ClosedLoop.Call>mapToObj(caller -> {
                    StreamName stream = StreamName.of("room", "bench" + caller % count);
                    return () -> {
                        var _ = streams.append(new Append(stream, "m", data));
                    };
                })
                .toList();
    }
}
