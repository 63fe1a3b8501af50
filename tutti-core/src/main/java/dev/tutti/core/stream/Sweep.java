package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.concurrent.Periodic;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks about once a second for what was committed since the last look, so that whatever nobody announced is delivered all
 * the same, and tells follow subscriptions the positions they have reached. One cheap query; one virtual thread.
 */
final class Sweep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sweep.class);
    private static final int CHUNK = 10_000;

    private final StreamStore store;
    private final StreamHub hub;
    private final Periodic rounds;
    private final Map<StreamName, Long> outstanding = new HashMap<>();
    private final OutageLog outage = new OutageLog(
            "The store cannot say what changed; deliveries go on when it can",
            "The store is back; what was missed meanwhile has been looked up");
    private @Nullable Position since;

    Sweep(StreamStore store, StreamHub hub, Duration interval) {
        this.store = store;
        this.hub = hub;
        this.rounds = new Periodic("tutti-sweep", interval, this::look);
    }

    private void look() {
        try {
            long round = hub.nextRound();
            Changes changes = changes();
            outstanding.putAll(
                    changes.heads()); // before the position moves, so that nothing is forgotten if this fails
            since = changes.now();
            hub.known(outstanding);
            if (hub.hasPassedOn(outstanding)) {
                outstanding.clear();
                hub.position(changes.now().token(), round);
            }
            outage.succeeded();
        } catch (TuttiException failure) {
            if (failure.code() != ErrorCode.UNAVAILABLE) {
                since = null; // the other question may be one that it can answer
            }
            if (OutageLog.isOutage(failure)) {
                outage.failed(failure);
            } else {
                log.error("The store cannot say what changed; looking at every subscribed stream instead", failure);
            }
        }
    }

    private Changes changes() {
        if (since == null) {
            return all(store.now());
        }
        try {
            Changes changes = store.changes(since);
            return changes.complete() ? changes : all(changes.now());
        } catch (TuttiException refused) {
            if (refused.code() != ErrorCode.BAD_REQUEST) {
                throw refused;
            }
            log.warn(
                    "The store was restored or failed over; what it has lost is looked for in every subscribed stream");
            outstanding.clear();
            since = null;
            hub.check();
            return all(store.now());
        }
    }

    private Changes all(Position now) {
        return new Changes(now, headsOfAll(now), true);
    }

    private Map<StreamName, Long> headsOfAll(Position now) {
        Map<StreamName, Long> heads = new HashMap<>();
        List<StreamName> all = List.copyOf(hub.streams());
        for (int from = 0; from < all.size(); from += CHUNK) {
            Collection<StreamName> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
            heads.putAll(store.seen(now, chunk));
        }
        return heads;
    }

    @Override
    public void close() {
        rounds.close();
    }
}
