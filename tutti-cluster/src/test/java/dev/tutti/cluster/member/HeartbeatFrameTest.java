package dev.tutti.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.Topics;
import dev.tutti.member.Member;
import dev.tutti.member.Role;
import dev.tutti.memory.MemoryMemberStore;
import dev.tutti.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What instances say of their heartbeats on the bus: 24 bytes, which instances of other releases read as they always have. */
class HeartbeatFrameTest {
    private final Member self = new Member(UUID.randomUUID(), "ann", "", Role.ALL, false, 0);
    private final Membership membership = new Membership(
            new MemoryMemberStore(Clock.systemUTC()),
            self,
            new MembershipSettings(Duration.ofMillis(50), Duration.ofSeconds(2)),
            System::nanoTime,
            Clock.systemUTC());
    private final List<Topics.Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<byte[]> published = new CopyOnWriteArrayList<>();
    private final BusLiveness liveness = new BusLiveness(
            membership,
            (_, listener) -> {
                listeners.add(listener);
                return new Recorded(published);
            },
            () -> {},
            System::nanoTime);

    @AfterEach
    void close() {
        membership.close();
    }

    @Test
    void aHeartbeatIsTheProcessAndANumberThatGrows() {
        membership.start();
        await().until(() -> published.size() >= 2);
        assertThat(number(published.get(1))).isGreaterThan(number(published.getFirst()));
        assertThat(liveness.isSound()).isTrue();
    }

    /** The bus counts what its listeners throw as unreadable. */
    @ParameterizedTest
    @ValueSource(ints = {0, 16, 23, 25})
    void aFrameOfAnotherLengthIsRefused(int length) {
        assertThatThrownBy(() -> listeners.getFirst().onMessage("all", new byte[length]))
                .isInstanceOf(ProtocolException.class);
    }

    private long number(byte[] frame) {
        ByteBuffer in = ByteBuffer.wrap(frame);
        assertThat(new UUID(in.getLong(), in.getLong())).isEqualTo(self.process());
        long number = in.getLong();
        assertThat(in.remaining()).isZero();
        return number;
    }

    private record Recorded(List<byte[]> published) implements Topics {
        @Override
        public boolean isSealed() {
            return false;
        }

        @Override
        public void subscribe(String topic) {}

        @Override
        public void unsubscribe(String topic) {}

        @Override
        public void publish(String topic, byte[] payload) {
            published.add(payload);
        }
    }
}
