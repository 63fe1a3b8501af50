package dev.tutti.file;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.file.store.BlobStore;
import dev.tutti.postgres.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects to which nothing refers any more, and how they go. Those that somebody has given up go at once, and are charged to that
 * account until they have gone; those that an instance has left behind which was killed go by a sweep, when they are old. Safe for use
 * by many threads; blocks.
 */
final class BlobGarbage {
    private static final Logger log = LoggerFactory.getLogger(BlobGarbage.class);
    private static final int AT_A_TIME = 100;
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Duration FAILING = Duration.ofMinutes(2);
    private static final Duration SWEEPING = Duration.ofMinutes(9); // the next one begins a minute later

    private final Database database;
    private final BlobStore store;
    private final FileMetrics metrics;

    BlobGarbage(Database database, BlobStore store, FileMetrics metrics) {
        this.database = database;
        this.store = store;
        this.metrics = metrics;
    }

    /**
     * Deletes objects that somebody has given up, so that there is room again, for five seconds and one call of the store at most: the
     * sweep takes what is left then, and what cannot be deleted.
     */
    void remove(List<String> names) {
        boolean _ = removed(names, Deadline.in(AT_ONCE));
    }

    /** The same with all that {@code owner} has given up. */
    void removeOf(String owner) {
        Deadline end = Deadline.in(AT_ONCE);
        boolean more = true;
        while (more) {
            List<String> names = database.statement(connection -> UploadTable.givenUpOf(connection, owner, AT_A_TIME));
            more = removed(names, end) && names.size() == AT_A_TIME;
        }
    }

    /** False if not all have gone. Committed is what has given them up: that does not fail with this. */
    private boolean removed(List<String> names, Deadline end) {
        List<String> gone = new ArrayList<>();
        for (String name : names) {
            if (end.isOver() || refusal(name).isPresent()) {
                break;
            }
            gone.add(name);
        }
        try {
            forget(gone);
        } catch (TuttiException failure) {
            log.warn("{} objects have gone, which could not be noted; it is tried again later", gone.size(), failure);
            return false;
        }
        return gone.size() == names.size();
    }

    /**
     * Deletes what somebody has given up, and what has been nobody's for {@code age}, for nine minutes or so. Objects that cannot be
     * deleted are noted, and come last the next time; when two minutes have passed none is tried behind them.
     *
     * @throws TuttiException if one could not be deleted, the last one's
     */
    void sweep(Duration age) {
        Deadline end = Deadline.in(SWEEPING);
        Deadline failing = Deadline.in(FAILING);
        Instant before = ago(age);
        Instant now = ago(Duration.ZERO);
        TuttiException failure = null;
        List<String> claimed = claimed(before, now);
        while (!claimed.isEmpty()) {
            List<String> gone = new ArrayList<>();
            boolean enough = false;
            for (String name : claimed) {
                Optional<TuttiException> refusal = refusal(name);
                if (refusal.isEmpty()) {
                    gone.add(name);
                } else {
                    failure = refusal.get();
                    enough = failing.isOver();
                }
                if (enough) {
                    break;
                }
            }
            forget(gone);
            claimed = enough || end.isOver() ? List.of() : claimed(before, now);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Instant ago(Duration age) {
        return database.statement(connection -> UploadTable.ago(connection, age));
    }

    private List<String> claimed(Instant before, Instant now) {
        return database.statement(connection -> UploadTable.claimGarbage(connection, before, now, AT_A_TIME));
    }

    /** Deletes an object from the store; empty if it has gone, else why it has not. */
    private Optional<TuttiException> refusal(String name) {
        try {
            store.delete(name);
            return Optional.empty();
        } catch (TuttiException refused) {
            log.warn(
                    "Object {}, to which nothing refers any more, was not deleted; it is tried again later",
                    name,
                    refused);
            return Optional.of(refused);
        }
    }

    private void forget(List<String> gone) {
        if (gone.isEmpty()) {
            return;
        }
        database.<@Nullable Void>transaction(connection -> {
            UploadTable.forget(connection, gone);
            return null;
        });
        metrics.swept.increment(gone.size());
    }
}
