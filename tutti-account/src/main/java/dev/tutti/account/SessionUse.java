package dev.tutti.account;

import dev.tutti.concurrent.OutageLog;
import dev.tutti.concurrent.Periodic;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.socket.Handshake;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When sessions were used last, and from where: gathered in memory, and written once a minute, so that no request waits for
 * it. Of more than 20,000 in a minute the rest are written with a later use. Safe for use by many threads.
 */
final class SessionUse implements AutoCloseable {
    private static final int GATHERED = 20_000;
    private static final int BATCH = 1_000;
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final SessionStore store;
    private final Map<String, String> areas = new ConcurrentHashMap<>();
    private final Periodic writing;

    SessionUse(SessionStore store) {
        this.store = store;
        OutageLog outage =
                new OutageLog("The last use of sessions cannot be noted", "The last use of sessions is noted again");
        this.writing = new Periodic("tutti-session-use", PAUSE, outage, this::write);
    }

    /** Somebody came with the session. Does not block. */
    void note(String session, Handshake handshake) {
        if (!areas.containsKey(session) && areas.size() < GATHERED) {
            areas.put(session, NetworkAddress.area(handshake.address()));
        }
    }

    /** Writes what was gathered. Blocks; what a failure keeps from being written is forgotten. */
    void write() {
        Map<String, String> batch = new LinkedHashMap<>();
        for (String session : List.copyOf(areas.keySet())) {
            String area = areas.remove(session);
            if (area != null) {
                batch.put(session, area);
            }
            if (batch.size() == BATCH) {
                store.used(batch);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            store.used(batch);
        }
    }

    /** Writes no more. */
    @Override
    public void close() {
        writing.close();
    }
}
