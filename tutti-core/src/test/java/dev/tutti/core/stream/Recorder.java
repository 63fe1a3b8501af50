package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Notes what it is given, in order: an event as its seq, a gap as itself, a failure as its code. */
final class Recorder implements Subscriber {
    final List<Object> told = new CopyOnWriteArrayList<>();
    final List<String> positions = new CopyOnWriteArrayList<>();
    private final Executor executor;
    private final Consumer<Event> first;

    Recorder() {
        this(new SerialExecutor("recorder"), _ -> {});
    }

    /** One that shows each event to {@code first}, which may throw. */
    Recorder(Executor executor, Consumer<Event> first) {
        this.executor = executor;
        this.first = first;
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void onEvents(EncodeOnce<List<Event>> events, int from) {
        for (Event event : events.value().subList(from, events.value().size())) {
            first.accept(event);
            told.add(event.seq());
        }
    }

    @Override
    public void onGap(ReadResult.Gap gap) {
        told.add(gap);
    }

    @Override
    public void onPosition(EncodeOnce<String> position) {
        positions.add(position.value());
    }

    @Override
    public void onFailure(TuttiException failure) {
        told.add(failure.code());
    }
}
