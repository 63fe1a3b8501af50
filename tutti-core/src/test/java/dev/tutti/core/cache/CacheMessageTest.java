package dev.tutti.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.cluster.FrameWriter;
import dev.tutti.cluster.NodeTag;
import dev.tutti.core.cache.CacheMessage.Scope;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What instances tell each other, as bytes. */
class CacheMessageTest {
    private static final NodeTag ANN = new NodeTag("ann");

    static List<CacheMessage> messages() {
        return List.of(
                new CacheMessage.Ask(
                        ANN, 1, new CacheKey("scores", "final"), new VersionVector(Map.of(ANN, 7L)), 1_000),
                new CacheMessage.Granted(ANN, 1, 2),
                new CacheMessage.Waiting(ANN, 1),
                new CacheMessage.Handed(ANN, 1, Slice.of("2:1")),
                new CacheMessage.LoadYourself(ANN, 1),
                new CacheMessage.Report(ANN, 2, Optional.of(Slice.of("2:1"))),
                new CacheMessage.Report(ANN, 2, Optional.empty()),
                new CacheMessage.Declined(ANN, 2),
                new CacheMessage.Invalidated(ANN, 7, "scores", Scope.TAG, "cup", false),
                new CacheMessage.Invalidated(ANN, 8, "scores", Scope.KEY, "final", true),
                new CacheMessage.Leaving(ANN));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void eachComesBackAsItWas(CacheMessage message) {
        assertThat(CacheMessage.read(message.frame())).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void anyBytesAreAMessageOrRefused(CacheMessage message) {
        byte[] frame = message.frame();
        SplittableRandom random = new SplittableRandom(frame.length);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] broken = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
            if (broken.length > 0) {
                broken[random.nextInt(broken.length)] ^= (byte) random.nextInt(256);
            }
            try {
                assertThat(CacheMessage.read(broken)).isNotNull();
            } catch (ProtocolException expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void anInvalidationOfAnOlderVersionIsRead() {
        byte[] older = new FrameWriter()
                .kind(7)
                .text("ann")
                .number(7)
                .text("scores")
                .kind(1)
                .text("cup")
                .frame();
        assertThat(CacheMessage.read(older))
                .isEqualTo(new CacheMessage.Invalidated(ANN, 7, "scores", Scope.TAG, "cup", false));
    }

    @Test
    void whatALaterVersionSaysIsRefused() {
        byte[] unknown = new FrameWriter().kind(9).text("ann").number(1).frame();
        assertThatThrownBy(() -> CacheMessage.read(unknown)).hasMessageContaining("kind 9");
        byte[] scope = new FrameWriter()
                .kind(7)
                .text("ann")
                .number(1)
                .text("scores")
                .kind(3)
                .text("cup")
                .frame();
        assertThatThrownBy(() -> CacheMessage.read(scope)).hasMessageContaining("scope");
    }
}
