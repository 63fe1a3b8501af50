package dev.tutti.socketio.engineio;

import dev.tutti.edge.flow.EventLoops;
import dev.tutti.protocol.Slice;
import dev.tutti.socketio.engineio.ForwardMessage.Payload;
import dev.tutti.socketio.engineio.ForwardMessage.Refused;
import dev.tutti.socketio.engineio.ForwardMessage.Taken;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** A request for a session of this instance that came to another one, which has the client's connection. Thread-safe. */
final class ForwardedRequest implements EngineRequest {
    private final long number;
    private final Consumer<ForwardMessage> answer;
    private final List<Runnable> atEnd = new ArrayList<>(1);
    private boolean over;

    /** One that is the other instance's {@code number}th, and is told it by {@code answer}. */
    ForwardedRequest(long number, Consumer<ForwardMessage> answer) {
        this.number = number;
        this.answer = answer;
    }

    @Override
    public void payload(List<byte[]> parts) {
        List<Slice> slices = parts.stream().map(Slice::of).toList();
        answer(it -> new Payload(it, slices));
    }

    @Override
    public void ok() {
        answer(Taken::new);
    }

    @Override
    public void refuse(Refusal refusal) {
        answer(it -> new Refused(it, refusal));
    }

    private void answer(LongFunction<ForwardMessage> message) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            atEnd.clear();
        }
        answer.accept(message.apply(number));
    }

    @Override
    public void atEnd(EventLoop session, Runnable task) {
        Runnable onLoop = () -> EventLoops.now(session, task);
        synchronized (this) {
            if (!over) {
                atEnd.add(onLoop);
                return;
            }
        }
        onLoop.run();
    }

    /** The client has gone. */
    void gone() {
        List<Runnable> tasks;
        synchronized (this) {
            over = true;
            tasks = List.copyOf(atEnd);
            atEnd.clear();
        }
        tasks.forEach(Runnable::run);
    }
}
