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
 * The connections of each login, which are cut when it ends, and those of each user that are cut when somebody says so. Bounded by
 * the number of connections. Safe for use by many threads.
 */
public final class LiveSessions {
    private final ConcurrentMap<String, Set<Consumer<ErrorCode>>> sessions = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<Consumer<ErrorCode>>> users = new ConcurrentHashMap<>();
    private final Consumer<String> added;
    private final Consumer<Principal> ended;

    /**
     * None yet. Neither may block.
     *
     * @param added is told the session of each connection after it was noted
     * @param ended is told when the last connection of a session has ended, and not when that goes on as one of another session
     */
    public LiveSessions(Consumer<String> added, Consumer<Principal> ended) {
        this.added = added;
        this.ended = ended;
    }

    /** Notes a connection of {@code principal}, until the returned is closed; {@code cut} closes it, and must not block. */
    public LiveConnection add(Principal principal, Consumer<ErrorCode> cut) {
        note(sessions, principal.session(), cut);
        added.accept(principal.session());
        return new Noted(principal, cut);
    }

    /** The same for one that {@link #cutUser} cuts, too. */
    public LiveConnection addOfUser(Principal principal, Consumer<ErrorCode> cut) {
        note(users, principal.id(), cut);
        return add(principal, cut);
    }

    private final class Noted implements LiveConnection {
        private final Principal principal;
        private final Consumer<ErrorCode> cut;

        Noted(Principal principal, Consumer<ErrorCode> cut) {
            this.principal = principal;
            this.cut = cut;
        }

        @Override
        public void close() {
            if (wasLast()) {
                ended.accept(principal);
            }
        }

        @Override
        public void renewed() {
            boolean _ = wasLast();
        }

        /** Forgets it; whether it was the last one of its login. */
        private boolean wasLast() {
            boolean _ = forget(users, principal.id(), cut);
            return forget(sessions, principal.session(), cut);
        }
    }

    private static void note(
            ConcurrentMap<String, Set<Consumer<ErrorCode>>> connections, String whose, Consumer<ErrorCode> cut) {
        connections.compute(whose, (_, known) -> {
            Set<Consumer<ErrorCode>> cuts = known == null ? ConcurrentHashMap.newKeySet(1) : known;
            cuts.add(cut);
            return cuts;
        });
    }

    /** Whether it was the last one. */
    private static boolean forget(
            ConcurrentMap<String, Set<Consumer<ErrorCode>>> connections, String whose, Consumer<ErrorCode> cut) {
        AtomicBoolean last = new AtomicBoolean();
        connections.computeIfPresent(whose, (_, cuts) -> {
            last.set(cuts.remove(cut) && cuts.isEmpty());
            return cuts.isEmpty() ? null : cuts;
        });
        return last.get();
    }

    /** Cuts all connections of {@code session} with {@code code}. */
    public void cut(String session, ErrorCode code) {
        List.copyOf(sessions.getOrDefault(session, Set.of())).forEach(cut -> cut.accept(code));
    }

    /** Cuts the connections with {@code code} that were {@linkplain #addOfUser added as} those of the user {@code id}. */
    public void cutUser(String id, ErrorCode code) {
        List.copyOf(users.getOrDefault(id, Set.of())).forEach(cut -> cut.accept(code));
    }

    /** The logins that have a connection now. */
    public List<String> ids() {
        return List.copyOf(sessions.keySet());
    }
}
