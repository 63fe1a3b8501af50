package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.socket.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * Which connections belong to which login, so that they can be cut when it ends. Bounded by the number of connections.
 * Safe for use by many threads.
 */
public final class LiveSessions {
    private final ConcurrentMap<String, Set<Consumer<ErrorCode>>> sessions = new ConcurrentHashMap<>();
    private final Consumer<String> added;

    /** None yet; {@code added} is told the session of each connection after it was noted, and must not block. */
    public LiveSessions(Consumer<String> added) {
        this.added = added;
    }

    /** Notes a connection of {@code principal}, until the returned is closed; {@code cut} closes it, and must not block. */
    public Registration add(Principal principal, Consumer<ErrorCode> cut) {
        String session = principal.session();
        sessions.compute(session, (_, known) -> {
            Set<Consumer<ErrorCode>> cuts = known == null ? ConcurrentHashMap.newKeySet(1) : known;
            cuts.add(cut);
            return cuts;
        });
        added.accept(session);
        return () -> sessions.computeIfPresent(session, (_, cuts) -> {
            cuts.remove(cut);
            return cuts.isEmpty() ? null : cuts;
        });
    }

    /** Cuts all connections of {@code session} with {@code code}. */
    public void cut(String session, ErrorCode code) {
        List.copyOf(sessions.getOrDefault(session, Set.of())).forEach(cut -> cut.accept(code));
    }

    /** The logins that have a connection now. */
    public List<String> ids() {
        return List.copyOf(sessions.keySet());
    }
}
