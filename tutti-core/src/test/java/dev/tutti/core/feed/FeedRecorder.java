package dev.tutti.core.feed;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.feed.FeedState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** Notes the states that it is given, in order, as {@code executor} gives them. */
class FeedRecorder implements FeedSubscriber {
    final List<FeedState> told = new CopyOnWriteArrayList<>();
    private final Executor executor;

    FeedRecorder(Executor executor) {
        this.executor = executor;
    }

    @Override
    public final Executor executor() {
        return executor;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void onState(EncodeOnce<FeedState> state) {
        told.add(state.value());
    }

    @Override
    public void onDefect(Throwable defect) {
        throw new AssertionError(defect);
    }
}
