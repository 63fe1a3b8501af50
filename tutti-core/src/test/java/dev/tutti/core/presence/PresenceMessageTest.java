package dev.tutti.core.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.presence.PresenceState.Difference;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.testkit.fixture.FrameFuzzer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PresenceMessageTest {
    private final FrameFuzzer fuzzer = new FrameFuzzer();
    private final Random random = fuzzer.random();

    @Test
    void aMessageArrivesAsItWasSent() {
        fuzzer.requireSame(2_000, this::message, message -> PresenceMessage.read(message.bytes()));
    }

    @Test
    void anyBytesAreAMessageOrRefused() {
        fuzzer.requireRefused(
                20_000, () -> fuzzer.damaged(message().bytes(), 3, 1), PresenceMessage::read, ProtocolException.class);
    }

    /** Instances of two versions are in one cluster while it is upgraded. */
    @Test
    void theFormOfAMessageIsThatOfOlderInstances() throws IOException {
        UUID from = new UUID(1, 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeLong(1);
        out.writeLong(2);
        out.writeLong(7);
        out.writeLong(8);
        out.writeInt(1);
        out.writeUTF("room:1");
        out.writeUTF("zoë🎻\0");
        out.writeInt(0);

        Difference difference = new Difference(7, 8, Set.of(new PresenceKey("room:1", "zoë🎻\0")), Set.of());
        PresenceMessage changed = new PresenceMessage.Changed(from, difference);
        assertThat(changed.bytes()).isEqualTo(bytes.toByteArray());
        assertThat(PresenceMessage.read(bytes.toByteArray())).isEqualTo(changed);
    }

    private PresenceMessage message() {
        UUID from = new UUID(random.nextLong(), random.nextLong());
        return switch (random.nextInt(4)) {
            case 0 ->
                new PresenceMessage.Changed(from, new Difference(random.nextLong(), random.nextLong(), keys(), keys()));
            case 1 -> new PresenceMessage.Wanted(from);
            case 2 ->
                new PresenceMessage.Former(
                        from, new UUID(random.nextLong(), random.nextLong()), random.nextLong(), keys());
            default ->
                new PresenceMessage.Part(from, random.nextLong(), random.nextBoolean(), random.nextBoolean(), keys());
        };
    }

    private Set<PresenceKey> keys() {
        Set<PresenceKey> keys = new HashSet<>();
        for (int left = random.nextInt(5); left > 0; left--) {
            keys.add(new PresenceKey("room:" + random.nextInt(), "person " + left));
        }
        return keys;
    }
}
