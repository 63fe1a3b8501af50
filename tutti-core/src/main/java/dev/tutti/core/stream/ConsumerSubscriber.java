package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives events to a piece of application code, which may block. While it is busy the events stay in the log. */
final class ConsumerSubscriber implements Subscriber {
    private static final Logger log = LoggerFactory.getLogger(ConsumerSubscriber.class);
    private static final int MAX_BATCHES = 16;

    private final StreamName stream;
    private final Consumer<Event> consumer;
    private final SerialExecutor executor = new SerialExecutor("tutti-subscriber");
    private @Nullable Subscription subscription;
    private boolean ended;

    ConsumerSubscriber(StreamName stream, Consumer<Event> consumer) {
        this.stream = stream;
        this.consumer = consumer;
    }

    void started(Subscription started) {
        executor.execute(() -> {
            subscription = started;
            if (ended) {
                started.close();
            }
        });
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public boolean ready() {
        return !ended && executor.waiting() < MAX_BATCHES;
    }

    @Override
    public void onEvents(EncodeOnce<List<Event>> events, int from) {
        if (ended) {
            return;
        }
        events.value().subList(from, events.value().size()).forEach(consumer); // what it throws ends the subscription
        if (subscription != null && executor.waiting() == 0) {
            subscription.resume(); // it may have been left in the log while this was busy
        }
    }

    @Override
    public void onGap(ReadResult.Gap gap) {
        switch (gap.reason()) {
            case EXPIRED ->
                log.warn(
                        "{}: the events {} to {} are no longer kept; the consumer misses them",
                        stream,
                        gap.after() + 1,
                        gap.resume());
            case AHEAD ->
                log.warn(
                        "{}: the log ends at {}, before {}; the consumer gets what comes in the place of lost events",
                        stream,
                        gap.resume(),
                        gap.after());
        }
    }

    @Override
    public void onFailure(TuttiException failure) {
        ended = true;
        if (subscription != null) {
            subscription.close();
        }
        log.error("{}: the subscription has ended: {}", stream, failure.getMessage());
    }
}
