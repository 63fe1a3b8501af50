package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.socket.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Which connections belong to which login, so that they can be cut when it ends. Bounded by the number of connections.
 * Safe for use by many threads.
 */
public final class LiveSessions {
    private final ConcurrentMap<String, Set<Consumer<ErrorCode>>> sessions = new ConcurrentHashMap<>();
    private final Consumer<String> added;
    private final Consumer<Principal> ended;

    /**
     * None yet. Neither may block.
     *
     * @param added is told the session of each connection after it was noted
     * @param ended is told when the last connection of a session has ended
     */
    public LiveSessions(Consumer<String> added, Consumer<Principal> ended) {
        this.added = added;
        this.ended = ended;
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
        return () -> remove(principal, cut);
    }

    private void remove(Principal principal, Consumer<ErrorCode> cut) {
        AtomicBoolean last = new AtomicBoolean();
        sessions.computeIfPresent(principal.session(), (_, cuts) -> {
            last.set(cuts.remove(cut) && cuts.isEmpty());
            return cuts.isEmpty() ? null : cuts;
        });
        if (last.get()) {
            ended.accept(principal);
        }
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
