package dev.tutti.socketio.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.socketio.engineio.EngineRequest.Refusal;
import dev.tutti.socketio.engineio.ForwardMessage.Allowed;
import dev.tutti.socketio.engineio.ForwardMessage.AnswerNow;
import dev.tutti.socketio.engineio.ForwardMessage.Ask;
import dev.tutti.socketio.engineio.ForwardMessage.ForwardTaken;
import dev.tutti.socketio.engineio.ForwardMessage.Gone;
import dev.tutti.socketio.engineio.ForwardMessage.Lost;
import dev.tutti.socketio.engineio.ForwardMessage.Payload;
import dev.tutti.socketio.engineio.ForwardMessage.Poll;
import dev.tutti.socketio.engineio.ForwardMessage.Post;
import dev.tutti.socketio.engineio.ForwardMessage.Refused;
import dev.tutti.socketio.engineio.ForwardMessage.Written;
import dev.tutti.testkit.fixture.FrameFuzzer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What instances tell each other of a client's requests survives the way; whatever else comes is refused. */
class ForwardMessageTest {
    private static final int ROUNDS = 5_000;

    private final FrameFuzzer fuzzer = new FrameFuzzer();
    private final Random random = fuzzer.random();

    @Test
    void everyMessageArrivesAsItWasSent() {
        fuzzer.requireSame(ROUNDS, this::message, message -> ForwardMessage.read(message.frame()));
    }

    @Test
    void whatAnOlderInstanceDidNotWriteYetIsEmpty() {
        NodeTag from = tag();
        byte[] poll = new Poll(from, 7, "sid", null).frame();
        byte[] post = new Post(from, 7, "sid", Slice.of("40"), "").frame();
        byte[] payload = new Payload(7, List.of(Slice.of("2")), false).frame();

        assertThat(ForwardMessage.read(poll)).isEqualTo(new Poll(from, 7, "sid", null));
        assertThat(ForwardMessage.read(Arrays.copyOf(post, post.length - Integer.BYTES)))
                .isEqualTo(new Post(from, 7, "sid", Slice.of("40"), ""));
        assertThat(ForwardMessage.read(Arrays.copyOf(payload, payload.length - 1)))
                .isEqualTo(new Payload(7, List.of(Slice.of("2")), false));
    }

    @Test
    void aBrokenMessageIsAnotherOneOrRefused() {
        fuzzer.requireRefused(
                ROUNDS, () -> fuzzer.damaged(message().frame(), 0, 1), ForwardMessage::read, ProtocolException.class);
    }

    private ForwardMessage message() {
        long number = random.nextLong();
        return switch (random.nextInt(11)) {
            case 0 -> new Poll(tag(), number, "sid" + number, random.nextBoolean() ? null : "id" + number);
            case 1 -> new Post(tag(), number, "sid" + number, bytes(), "id" + number);
            case 2 -> new Lost(tag(), number, "sid" + number, random.nextBoolean());
            case 3 -> new Gone(tag(), number);
            case 4 -> new AnswerNow(tag(), number);
            case 5 ->
                new Payload(
                        number,
                        Stream.generate(this::bytes).limit(random.nextInt(4)).toList(),
                        random.nextBoolean());
            case 6 -> new ForwardTaken(number);
            case 7 -> new Written(tag(), number);
            case 8 -> new Ask(tag(), number, "sid" + number);
            case 9 -> new Allowed(number, random.nextLong());
            default -> new Refused(number, List.of(Refusal.values()).get(random.nextInt(5)));
        };
    }

    private Slice bytes() {
        byte[] bytes = new byte[random.nextInt(50)];
        random.nextBytes(bytes);
        return Slice.of(bytes);
    }

    private NodeTag tag() {
        return NodeTag.of(new UUID(random.nextLong(), random.nextLong()));
    }
}
