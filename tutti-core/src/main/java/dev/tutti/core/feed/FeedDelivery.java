package dev.tutti.core.feed;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.feed.FeedState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One task for one executor: it gives the subscriptions that live there the states that wait for them. Those that are given the same
 * state share what it is encoded to.
 */
final class FeedDelivery implements Runnable {
    private static final String TELLING = "Telling subscribers how a feed is";

    private final List<ConflatedSubscription> due;
    private @Nullable EncodeOnce<FeedState> last; // what was given last

    /** The task for {@code due}, all of one executor. */
    FeedDelivery(List<ConflatedSubscription> due) {
        this.due = due;
    }

    /** Asks the executors of {@code due}, which are somebody else's code, to give what waits: each of them once. */
    static void wake(List<ConflatedSubscription> due) {
        if (due.isEmpty()) {
            return;
        }
        try {
            grouped(due).forEach(FeedDelivery::start);
        } catch (Throwable defect) { // after what is told was published
            due.forEach(ConflatedSubscription::notTaken);
            Failures.note(TELLING, defect);
        }
    }

    private static Map<Executor, List<ConflatedSubscription>> grouped(List<ConflatedSubscription> due) {
        Map<Executor, List<ConflatedSubscription>> groups = new LinkedHashMap<>();
        for (ConflatedSubscription each : due) {
            try {
                groups.computeIfAbsent(each.executor(), _ -> new ArrayList<>()).add(each);
            } catch (Throwable defect) {
                each.notTaken();
                Failures.note(TELLING, defect);
            }
        }
        return groups;
    }

    private static void start(Executor executor, List<ConflatedSubscription> group) {
        try {
            executor.execute(new FeedDelivery(group));
        } catch (Throwable defect) {
            group.forEach(ConflatedSubscription::notTaken);
            Failures.note(TELLING, defect);
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < due.size(); i++) {
            due.get(i).give(this);
        }
        release();
    }

    /** The state, with the encodings that were made if it was given before. Valid until the next one is asked for. */
    EncodeOnce<FeedState> encoded(FeedState state) {
        EncodeOnce<FeedState> encoded = last;
        if (encoded == null || !encoded.value().equals(state)) {
            release();
            encoded = new EncodeOnce<>(state);
            last = encoded;
        }
        return encoded;
    }

    private void release() {
        EncodeOnce<FeedState> done = last;
        last = null;
        if (done != null) {
            Failures.guard("Releasing what a feed's state was encoded to", done::close);
        }
    }
}
