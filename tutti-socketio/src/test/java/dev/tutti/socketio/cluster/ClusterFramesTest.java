package dev.tutti.socketio.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.cluster.ClusterMessage.Answer;
import dev.tutti.socketio.cluster.ClusterMessage.Broadcast;
import dev.tutti.socketio.cluster.ClusterMessage.Call;
import dev.tutti.socketio.cluster.ClusterMessage.Disconnect;
import dev.tutti.socketio.cluster.ClusterMessage.DisconnectFormer;
import dev.tutti.socketio.cluster.ClusterMessage.Fetch;
import dev.tutti.socketio.cluster.ClusterMessage.Hello;
import dev.tutti.socketio.cluster.ClusterMessage.Join;
import dev.tutti.socketio.cluster.ClusterMessage.Leave;
import dev.tutti.socketio.cluster.ClusterMessage.ServerCall;
import dev.tutti.socketio.cluster.ClusterMessage.ServerEvent;
import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.wire.Body;
import dev.tutti.testkit.fixture.FrameFuzzer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What instances tell each other survives the way, and whatever else comes is refused and nothing worse. */
class ClusterFramesTest {
    private static final int ROUNDS = 5_000;

    private final FrameFuzzer fuzzer = new FrameFuzzer();
    private final Random random = fuzzer.random();

    @Test
    void everyMessageArrivesAsItWasSent() {
        fuzzer.requireSame(ROUNDS, this::message, message -> ClusterFrames.read(ClusterFrames.frame(message)));
    }

    @Test
    void aBrokenMessageIsAnotherOneOrRefused() {
        fuzzer.requireRefused(
                ROUNDS,
                () -> fuzzer.damaged(ClusterFrames.frame(message()), 1, random.nextInt(4)),
                ClusterFrames::read,
                ProtocolException.class);
    }

    @Test
    void aMessageOfAnotherVersionIsRefused() {
        byte[] frame = ClusterFrames.frame(new Hello(tag(), true));
        frame[0]++;

        assertThatThrownBy(() -> ClusterFrames.read(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("version 2");
    }

    private ClusterMessage message() {
        return switch (random.nextInt(11)) {
            case 0 -> new Broadcast(target(), random.nextBoolean(), list(this::packet));
            case 1 -> new Join(target(), text());
            case 2 -> new Leave(target(), text());
            case 3 -> new Disconnect(target());
            case 4 -> new Call(tag(), random.nextLong(), Duration.ofNanos(random.nextLong(1L << 50)), target(), body());
            case 5 -> new Fetch(tag(), random.nextLong(), target());
            case 6 -> new ServerCall(tag(), random.nextLong(), text(), body());
            case 7 -> new ServerEvent(text(), body());
            case 8 -> new Answer(tag(), random.nextLong(), random.nextBoolean(), list(this::body));
            case 9 -> new DisconnectFormer(target(), random.nextLong());
            default -> new Hello(tag(), random.nextBoolean());
        };
    }

    private Target target() {
        return new Target(text(), list(this::text), list(this::text));
    }

    private EnginePacket packet() {
        return random.nextBoolean() ? new EnginePacket.Message(bytes()) : new EnginePacket.Binary(bytes());
    }

    private Body body() {
        return new Body(bytes(), list(this::bytes));
    }

    private Slice bytes() {
        byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(20)];
        random.nextBytes(bytes);
        return Slice.of(bytes);
    }

    private String text() {
        return random.ints(random.nextInt(10), 0, Character.MAX_CODE_POINT)
                .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private NodeTag tag() {
        return NodeTag.of(new UUID(random.nextLong(), random.nextLong()));
    }

    private <T> List<T> list(Supplier<T> each) {
        return Stream.generate(each).limit(random.nextInt(4)).toList();
    }
}
