package dev.tutti.edge.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Flushes the outboxes of one event loop that were written to, once each, after the batch of tasks that wrote. */
final class Flusher implements Runnable {
    private final Executor loop;
    private List<Outbox> dirty = new ArrayList<>();
    private List<Outbox> spare = new ArrayList<>();
    private boolean scheduled;

    Flusher(Executor loop) {
        this.loop = loop;
    }

    /** Flushes {@code outbox} soon; the caller sees to it that it comes once. */
    void add(Outbox outbox) {
        dirty.add(outbox);
        if (!scheduled) {
            scheduled = true;
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        // a flush may drain a connection, which may write again: that is the next batch
        List<Outbox> batch = dirty;
        dirty = spare;
        scheduled = false;
        batch.forEach(Outbox::flush);
        batch.clear();
        spare = batch;
    }
}
