package dev.tutti.cluster.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.cluster.bus.Opened.OpenedMessage;
import dev.tutti.cluster.bus.Opened.RefusalReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SealedEnvelopeTest {
    private static final String ONE = "one secret that is long enough, really";
    private static final String OTHER = "another secret that is long enough too";
    private static final String TOPIC = "stream/room:1";
    private static final Clock NOW = Clock.systemUTC();

    private final long seed = Long.getLong("tutti.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final SealedEnvelope here = with(ONE);
    private final SealedEnvelope there = with(ONE);

    private static SealedEnvelope with(String secret) {
        return new SealedEnvelope(ClusterSecret.of(secret, List.of()), NOW);
    }

    private static String text(Opened opened) {
        return opened instanceof OpenedMessage(byte[] payload) ? new String(payload, UTF_8) : opened.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void membersReadIt() {
        byte[] frame = here.close(TOPIC, 1, bytes("a private text"));
        assertThat(frame).hasSize(SealedEnvelope.OVERHEAD + "a private text".length());
        assertThat(text(there.open(TOPIC, 1, frame))).isEqualTo("a private text");
        assertThat(text(there.open(TOPIC, 1, here.close(TOPIC, 1, new byte[0]))))
                .isEmpty();
    }

    @Test
    void nobodyElseReadsIt() {
        byte[] frame = here.close(TOPIC, 1, bytes("a private text"));
        assertThat(new String(frame, UTF_8)).doesNotContain("private");
        assertThat(with(OTHER).open(TOPIC, 1, frame)).isEqualTo(RefusalReason.FORGED);
        assertThat(here.close(TOPIC, 1, bytes("a private text"))).isNotEqualTo(frame);
    }

    @Test
    void oneFrameIsOneMessage() {
        byte[] frame = here.close(TOPIC, 1, bytes("once"));
        assertThat(text(there.open(TOPIC, 1, frame))).isEqualTo("once");
        assertThat(there.open(TOPIC, 1, frame)).isEqualTo(RefusalReason.REPLAYED);
        assertThat(here.open(TOPIC, 1, frame)).isEqualTo(RefusalReason.REPLAYED);
    }

    @Test
    void anotherTopicIsAnotherMessage() {
        byte[] frame = here.close(TOPIC, 1, bytes("for a room"));
        assertThat(there.open("stream/room:2", 1, frame)).isEqualTo(RefusalReason.FORGED);
        assertThat(text(there.open(TOPIC, 1, frame))).isEqualTo("for a room");
    }

    @Test
    void anotherVersionIsNotRead() {
        assertThat(there.open(TOPIC, 2, here.close(TOPIC, 1, bytes("old")))).isEqualTo(RefusalReason.VERSION);
        assertThat(there.open(TOPIC, 1, new OpenEnvelope().close(TOPIC, 1, bytes("open"))))
                .isEqualTo(RefusalReason.FORGED);
        for (int first = 0; first <= 255; first++) {
            byte[] frame = here.close(TOPIC, 1, bytes("x"));
            frame[0] = (byte) first;
            assertThat(there.open(TOPIC, 1, frame) instanceof OpenedMessage).isEqualTo(first == 0x81);
        }
    }

    /** A forgery must not use up the number of the genuine frame. */
    @Test
    void aForgeryPreventsNothing() {
        text(there.open(TOPIC, 1, here.close(TOPIC, 1, bytes("known from now on"))));
        byte[] genuine = here.close(TOPIC, 1, bytes("genuine"));
        byte[] forged = genuine.clone();
        forged[forged.length - 1] ^= 1;
        assertThat(there.open(TOPIC, 1, forged)).isEqualTo(RefusalReason.FORGED);
        assertThat(text(there.open(TOPIC, 1, genuine))).isEqualTo("genuine");
    }

    @Test
    void orderIsTheBusesMatter() {
        System.out.println("seed " + seed);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            frames.add(here.close(TOPIC, 1, bytes("message " + i)));
        }
        Collections.shuffle(frames, random);
        assertThat(frames).allMatch(frame -> there.open(TOPIC, 1, frame) instanceof OpenedMessage);
        assertThat(frames).allMatch(frame -> there.open(TOPIC, 1, frame) == RefusalReason.REPLAYED);
    }

    /** Somebody who joins late, and somebody who comes back under the same name, are both understood at once. */
    @Test
    void nobodyHasToBeIntroduced() {
        for (int i = 0; i < 100_000; i++) {
            here.close(TOPIC, 1, new byte[0]);
        }
        SealedEnvelope late = with(ONE);
        assertThat(text(late.open(TOPIC, 1, here.close(TOPIC, 1, bytes("go on")))))
                .isEqualTo("go on");
        assertThat(text(here.open(TOPIC, 1, late.close(TOPIC, 1, bytes("hello")))))
                .isEqualTo("hello");
        assertThat(text(here.open(TOPIC, 1, with(ONE).close(TOPIC, 1, bytes("started anew")))))
                .isEqualTo("started anew");
    }

    @Test
    void manyProcessesMayComeAndGo() {
        for (int i = 0; i < 3_000; i++) {
            assertThat(text(here.open(TOPIC, 1, with(ONE).close(TOPIC, 1, bytes("hello")))))
                    .isEqualTo("hello");
        }
    }

    @Test
    void theSecretCanBeChangedWhileTheClusterRuns() {
        SealedEnvelope changed = new SealedEnvelope(ClusterSecret.of(OTHER, List.of(ONE)), NOW);
        assertThat(text(changed.open(TOPIC, 1, here.close(TOPIC, 1, bytes("old")))))
                .isEqualTo("old");
        assertThat(text(changed.open(TOPIC, 1, with(OTHER).close(TOPIC, 1, bytes("new")))))
                .isEqualTo("new");
        assertThat(text(with(OTHER).open(TOPIC, 1, changed.close(TOPIC, 1, bytes("new")))))
                .isEqualTo("new");
    }

    @Test
    void whatWasRecordedLongAgoIsNotTaken() {
        Instant now = Instant.now();
        SealedEnvelope judging = at(now);
        for (Duration off : List.of(Duration.ZERO, Duration.ofMinutes(10), Duration.ofMinutes(-10))) {
            assertThat(text(judging.open(TOPIC, 1, at(now.plus(off)).close(TOPIC, 1, bytes("x")))))
                    .isEqualTo("x");
        }
        for (Duration off : List.of(Duration.ofMinutes(16), Duration.ofMinutes(-16), Duration.ofDays(-3))) {
            assertThat(judging.open(TOPIC, 1, at(now.plus(off)).close(TOPIC, 1, bytes("x"))))
                    .isEqualTo(RefusalReason.STALE);
        }
    }

    private static SealedEnvelope at(Instant time) {
        return new SealedEnvelope(ClusterSecret.of(ONE, List.of()), Clock.fixed(time, ZoneOffset.UTC));
    }

    @Test
    void anyBytesAreJudged() {
        System.out.println("seed " + seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] payload = new byte[random.nextInt(100)];
            random.nextBytes(payload);
            byte[] frame = here.close(TOPIC, 1, payload);
            byte[] broken = Arrays.copyOf(frame, random.nextInt(frame.length + 20));
            int changed = random.nextInt(3);
            for (int j = 0; j < changed && broken.length > 0; j++) {
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(there.open(TOPIC, 1, broken) instanceof OpenedMessage)
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(Arrays.equals(frame, broken));
        }
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> ClusterSecret.of("short", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32");
        assertThat(ClusterSecret.of(ONE, List.of(OTHER))).hasToString("a secret");
    }
}
