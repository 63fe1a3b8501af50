package dev.tutti.edge.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Flushes the outboxes of one event loop that were written to, once each, after the batch of tasks that wrote. Those that have
 * something waiting then are looked at until they have not, because Netty writes on without telling.
 */
final class Flusher implements Runnable {
    private final Executor loop;
    private final Executor later;
    private final OutboundBudget budget;
    private final List<Outbox> behind = new ArrayList<>();
    private List<Outbox> dirty = new ArrayList<>();
    private List<Outbox> spare = new ArrayList<>();
    private boolean scheduled;
    private boolean looking;

    /** Runs on {@code loop}; {@code later} runs a task there as well, after some hundredths of a second. */
    Flusher(Executor loop, Executor later, OutboundBudget budget) {
        this.loop = loop;
        this.later = later;
        this.budget = budget;
    }

    /** The budget of the bytes that wait in all outboxes of the loop. */
    OutboundBudget budget() {
        return budget;
    }

    /** Flushes {@code outbox} soon; the caller sees to it that it comes once. */
    void add(Outbox outbox) {
        dirty.add(outbox);
        if (!scheduled) {
            scheduled = true;
            loop.execute(this);
        }
    }

    /** Looks at {@code outbox} until nothing waits in it; the caller sees to it that it comes once. */
    void watch(Outbox outbox) {
        behind.add(outbox);
        if (!looking) {
            looking = true;
            later.execute(this::look);
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

    private void look() {
        looking = false;
        List<Outbox> still = List.copyOf(behind);
        behind.clear();
        still.forEach(Outbox::look);
    }
}
