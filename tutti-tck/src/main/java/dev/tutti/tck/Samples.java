package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Append;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** The streams and events of the contracts. */
final class Samples {
    private Samples() {}

    /** The name of a stream that no other test uses. */
    static StreamName fresh() {
        return fresh("room");
    }

    static StreamName fresh(String kind) {
        return StreamName.of(kind, UUID.randomUUID().toString());
    }

    static Append event(StreamName stream, int number) {
        return new Append(stream, "said", Json.of("{\"n\":" + number + "}"));
    }

    static Append event(StreamName stream, int number, @Nullable String key) {
        return new Append(stream, "said", Json.of("{\"n\":" + number + "}"), key);
    }

    static void fill(StreamStore store, StreamName stream, int events) {
        List<Append> appends = new ArrayList<>();
        for (int number = 1; number <= events; number++) {
            appends.add(event(stream, number));
        }
        store.append(appends);
    }

    static ReadResult.Page page(StreamStore store, StreamName stream, Range range, int limit) {
        ReadResult result = store.read(stream, range, limit);
        assertThat(result).isInstanceOf(ReadResult.Page.class);
        return (ReadResult.Page) result;
    }

    /** All events that are kept, read page by page. */
    static List<Event> all(StreamStore store, StreamName stream) {
        List<Event> events = new ArrayList<>();
        long after = 0;
        while (true) {
            switch (store.read(stream, new Range.After(after), StreamStore.MAX_PAGE)) {
                case ReadResult.Gap gap -> after = gap.resume();
                case ReadResult.Page page -> {
                    events.addAll(page.events());
                    if (!page.more()) {
                        return events;
                    }
                    after = page.events().getLast().seq();
                }
            }
        }
    }

    static List<Long> seqs(List<Event> events) {
        return events.stream().map(Event::seq).toList();
    }

    static void assertRefused(ErrorCode code, ThrowingCallable call) {
        @Nullable TuttiException refusal = catchThrowableOfType(TuttiException.class, call);
        assertThat(refusal).as("a refusal with %s", code).isNotNull();
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
    }
}
