package dev.tutti.socketio.engineio;

import dev.tutti.edge.flow.EventLoops;
import dev.tutti.protocol.Slice;
import dev.tutti.socketio.engineio.ForwardMessage.ForwardReply;
import dev.tutti.socketio.engineio.ForwardMessage.ForwardTaken;
import dev.tutti.socketio.engineio.ForwardMessage.Payload;
import dev.tutti.socketio.engineio.ForwardMessage.Refused;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request for a session of this instance that came to another one, which has the client's connection. Thread-safe. */
final class ForwardedRequest implements EngineRequest {
    private final long number;
    private final String id;
    private final boolean confirms;
    private final Consumer<ForwardReply> answer;
    private final Runnable forget;
    private final List<Runnable> atEnd = new ArrayList<>(1);
    private @Nullable Runnable written;
    private boolean answered;
    private boolean over;

    /**
     * One that is the other instance's {@code number}th, and is told it by {@code answer}.
     *
     * @param confirms whether the other instance says that it has written a payload, if asked to
     * @param forget called when nothing more is to be heard of it, though its answer was to be confirmed
     */
    ForwardedRequest(long number, String id, boolean confirms, Consumer<ForwardReply> answer, Runnable forget) {
        this.number = number;
        this.id = id;
        this.confirms = confirms;
        this.answer = answer;
        this.forget = forget;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void payload(List<byte[]> parts, boolean wanted, EventLoop session, Runnable then, Runnable taken) {
        EventLoops.now(session, taken); // from here on they are the bus's
        List<Slice> slices = parts.stream().map(Slice::of).toList();
        boolean confirm = wanted && confirms;
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
            written = () -> EventLoops.now(session, then);
        }
        answer.accept(new Payload(number, slices, confirm));
        if (!confirm) {
            written();
        }
    }

    @Override
    public void ok() {
        answer(new ForwardTaken(number));
    }

    @Override
    public void refuse(Refusal refusal) {
        answer(new Refused(number, refusal));
    }

    private void answer(ForwardReply reply) {
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
            end();
        }
        answer.accept(reply);
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

    /** The payload has been written to the client's connection. */
    void written() {
        @Nullable Runnable told;
        synchronized (this) {
            told = written;
            end();
        }
        if (told != null) {
            told.run();
        }
    }

    @Override
    public void waits() {
        // to the other instance, which has the client's connection, it has done so from the beginning
    }

    @Override
    public void settle() {
        synchronized (this) {
            answered = true;
            end();
        }
        forget.run();
    }

    /** The client has gone, or nobody can say whether it has its answer. */
    void gone() {
        List<Runnable> tasks;
        synchronized (this) {
            tasks = List.copyOf(atEnd);
            answered = true;
            end();
        }
        tasks.forEach(Runnable::run);
    }

    private void end() {
        over = true;
        written = null;
        atEnd.clear();
    }
}
