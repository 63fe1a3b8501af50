package dev.tutti.core.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.presence.PresenceState.Difference;
import dev.tutti.protocol.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PresenceMessageTest {
    private final long seed = Long.getLong("tutti.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void aMessageArrivesAsItWasSent() {
        System.out.println("seed " + seed);
        for (int i = 0; i < 2_000; i++) {
            PresenceMessage message = message();
            assertThat(PresenceMessage.read(message.bytes())).isEqualTo(message);
        }
    }

    @Test
    void anyBytesAreAMessageOrRefused() {
        System.out.println("seed " + seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = message().bytes();
            byte[] broken = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
            if (broken.length > 0) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try {
                PresenceMessage.read(broken);
            } catch (ProtocolException expected) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(10_000);
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
