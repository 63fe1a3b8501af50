package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BusFrameTest {
    private final long seed = Long.getLong("tutti.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void anyTextIsAFrameOrRefused() {
        System.out.println("seed " + seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] text = frame().encode().getBytes(StandardCharsets.US_ASCII);
            int changes = 1 + random.nextInt(3);
            for (int j = 0; j < changes; j++) {
                text[random.nextInt(text.length)] = (byte) (32 + random.nextInt(95));
            }
            String broken = new String(text, 0, 1 + random.nextInt(text.length), StandardCharsets.US_ASCII);
            try {
                BusFrame.decode(broken);
            } catch (IllegalArgumentException expected) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(5_000);
    }

    @Test
    void aFrameFitsIntoANotification() {
        byte[] most = new byte[BusFrame.MOST_BYTES - BusFrame.HEADER_BYTES - 5 - 1];
        BusFrame frame = new BusFrame(1, 1, false, List.of(new BusFrame.Inline("t", most)));
        assertThat(frame.encode().length()).isLessThan(8_000);
    }

    /** Releases whose frames have no version wrote base64 alone. */
    @Test
    void aFrameWithoutAVersionIsRefused() {
        byte[] old = ByteBuffer.allocate(13).putLong(7).putInt(1).array();
        assertThatThrownBy(() -> BusFrame.decode(Base64.getEncoder().encodeToString(old)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private BusFrame frame() {
        List<BusFrame.FrameMessage> messages = new ArrayList<>();
        for (int left = random.nextInt(4); left > 0; left--) {
            String topic = "topic " + random.nextInt();
            messages.add(
                    random.nextBoolean()
                            ? new BusFrame.Inline(topic, new byte[random.nextInt(50)])
                            : new BusFrame.Stored(topic, random.nextLong(), random.nextInt(1_000_000)));
        }
        return new BusFrame(random.nextLong(), random.nextInt(), random.nextBoolean(), messages);
    }
}
