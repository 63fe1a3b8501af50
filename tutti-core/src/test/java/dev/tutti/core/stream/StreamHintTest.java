package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.fixture.FrameFuzzer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamHintTest {
    private static final StreamName ROOM = new StreamName("room:1");

    private final FrameFuzzer fuzzer = new FrameFuzzer();
    private final Random random = fuzzer.random();

    @Test
    void aRunArrivesAsItWasSent() {
        fuzzer.requireSame(
                2_000, () -> new StreamHint.Run(run()), hint -> StreamHint.read(ROOM, StreamHint.bytes(hint.events())));
    }

    @Test
    void theEndOfARunArrivesAsItWasSent() {
        for (int i = 0; i < 2_000; i++) {
            List<Event> run = run();
            assertThat(StreamHint.read(ROOM, StreamHint.head(run)))
                    .as("%s", fuzzer)
                    .isEqualTo(new StreamHint.Head(run.getLast().seq()));
        }
    }

    @Test
    void anyBytesAreAHintOrRefused() {
        fuzzer.requireRefused(
                20_000,
                () -> fuzzer.damaged(StreamHint.bytes(run()), 3, 1),
                bytes -> StreamHint.read(ROOM, bytes),
                ProtocolException.class);
    }

    @Test
    void noSeqIsBelowOne() {
        for (long head : new long[] {0, -1, Long.MIN_VALUE}) {
            byte[] bytes = ByteBuffer.allocate(10).putLong(head).array();
            assertThatThrownBy(() -> StreamHint.read(ROOM, bytes)).isInstanceOf(ProtocolException.class);
        }
    }

    /** Instances of two versions are in one cluster while it is upgraded. */
    @Test
    void theFormOfAHintIsThatOfOlderInstances() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(5);
        out.writeShort(2);
        out.writeUTF("said");
        out.writeBoolean(true);
        out.writeUTF("key");
        out.writeLong(1_000_000);
        out.writeInt(4);
        out.writeBytes("\"hi\"");
        out.writeUTF("left");
        out.writeBoolean(false);
        out.writeLong(2_000_000);
        out.writeInt(4);
        out.writeBytes("null");

        Event said = new Event(ROOM, 4, "said", Json.of("\"hi\""), "key", Instant.ofEpochSecond(1));
        Event left = new Event(ROOM, 5, "left", Json.of("null"), null, Instant.ofEpochSecond(2));
        assertThat(StreamHint.bytes(List.of(said, left))).isEqualTo(bytes.toByteArray());
    }

    private List<Event> run() {
        List<Event> events = new ArrayList<>();
        long first = 1L + random.nextInt(1_000);
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            Instant at = Instant.ofEpochMilli(random.nextInt());
            String key = random.nextBoolean() ? "key" + i : null;
            events.add(new Event(ROOM, first + i, "said", Json.of("\"" + random.nextLong() + "\""), key, at));
        }
        return events;
    }
}
