package dev.tutti.socketio.engineio;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the frames that sessions of one event loop send to WebSockets of another over to that loop, in one task a batch. Called
 * on the first loop. The frames under way are bounded by each {@link Receiver}.
 */
final class CrossLoopWriter implements Runnable {
    /** The receiver of frames that are handed over; called on the second loop. */
    interface Receiver {
        /** Writes {@code frames}, which it takes over, soon. */
        void write(ByteBuf frames, int messages);

        /** The frames that were handed over in one batch are written. */
        void batchWritten();
    }

    private record Handed(Receiver receiver, ByteBuf frames, int messages) {}

    private final EventLoop from;
    private final EventLoop to;
    private List<Handed> batch = new ArrayList<>();
    private boolean scheduled;

    CrossLoopWriter(EventLoop from, EventLoop to) {
        this.from = from;
        this.to = to;
    }

    /** Takes {@code frames}, which it takes over, to be written by {@code receiver}. */
    void add(Receiver receiver, ByteBuf frames, int messages) {
        batch.add(new Handed(receiver, frames, messages));
        if (!scheduled) {
            scheduled = true;
            from.execute(this);
        }
    }

    /** Runs {@code task} on the other loop, behind what was added before. */
    void behind(Runnable task) {
        run();
        to.execute(task);
    }

    @Override
    public void run() {
        scheduled = false;
        if (!batch.isEmpty()) {
            List<Handed> whole = batch;
            batch = new ArrayList<>(whole.size());
            to.execute(() -> write(whole));
        }
    }

    private static void write(List<Handed> whole) {
        for (Handed handed : whole) {
            handed.receiver.write(handed.frames, handed.messages);
        }
        for (Handed handed : whole) {
            handed.receiver.batchWritten();
        }
    }
}
