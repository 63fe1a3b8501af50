package dev.tutti.socketio.recovery;

import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.Tutti;
import dev.tutti.core.recovery.ConnectionRecovery;
import dev.tutti.recovery.SavedConnection;
import dev.tutti.socket.Principal;
import dev.tutti.socketio.recovery.NamespaceLog.Entry;
import dev.tutti.socketio.room.Rooms;
import dev.tutti.socketio.socket.EnteringSocket;
import dev.tutti.socketio.wire.Offset;
import dev.tutti.stream.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recovery of one namespace's sockets: clients come back as the sockets that they were, with all that they missed, or as
 * new ones. Safe for use by many threads.
 */
public final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);
    private static final String SECRET = "pid"; // as Socket.IO's clients call them
    private static final String OFFSET = "offset";

    private final IntSupplier mostMissed;
    private final ObjLongConsumer<String> disconnectFormer;
    private final ConnectionRecovery connections;
    private final JsonCodec json;
    private final NamespaceLog namespaceLog;

    /**
     * The recovery of the namespace whose sockets are {@code here}; nobody is let in before the {@link #namespaceLog} has started.
     *
     * @param mostMissed how many bytes a client that comes back may have missed
     * @param disconnectFormer disconnects the socket of an id at whichever instance it is, if its claim is below the one given
     */
    public Recovery(Rooms here, Tutti tutti, IntSupplier mostMissed, ObjLongConsumer<String> disconnectFormer) {
        this.mostMissed = mostMissed;
        this.disconnectFormer = disconnectFormer;
        this.connections = tutti.recovery();
        this.json = tutti.json();
        this.namespaceLog = new NamespaceLog(here, tutti.streams(), tutti.json());
    }

    /** The namespace's messages. */
    public NamespaceLog namespaceLog() {
        return namespaceLog;
    }

    ConnectionRecovery connections() {
        return connections;
    }

    Json write(SavedState state) {
        return json.write(state);
    }

    /** The id of the principal of {@code socket}; empty if it is anonymous. */
    String person(EnteringSocket socket) {
        Principal principal = socket.principal();
        return principal.id().equals(socket.id()) ? "" : principal.id();
    }

    /**
     * Lets {@code socket} in, which has passed all middlewares, as the one that its client was if that can be. Blocks.
     *
     * @return whether it is in: the client may have gone meanwhile
     * @throws TuttiException if the namespace's messages cannot be read
     */
    boolean admit(EnteringSocket socket, RecoverableState state) {
        Map<String, Object> auth = socket.handshake().auth();
        if (auth.get(SECRET) instanceof String secret) {
            Optional<SavedConnection> taken = take(secret);
            Optional<Boolean> back = taken.flatMap(former -> comeBack(socket, state, former, secret));
            if (back.isPresent()) {
                return back.get();
            }
            taken.ifPresent(connections::forget);
        }
        namespaceLog.reach(0);
        String fresh = connections.newSecret();
        boolean in = socket.enter(state.begin(fresh) ? fresh : "", List.of());
        if (!in) {
            state.end(connections::forget); // its client has never heard of it
        }
        return in;
    }

    private Optional<SavedConnection> take(String secret) {
        try {
            return connections.take(secret);
        } catch (TuttiException away) {
            log.debug("A client begins anew, because what was kept of it cannot be read", away);
            return Optional.empty();
        }
    }

    /** Whether it is in; empty if it cannot be who it was. */
    private Optional<Boolean> comeBack(
            EnteringSocket socket, RecoverableState state, SavedConnection taken, String secret) {
        try {
            return tryToComeBack(socket, state, taken, secret);
        } catch (Throwable failed) {
            connections.lost(taken); // it may come again
            throw failed;
        }
    }

    private Optional<Boolean> tryToComeBack(
            EnteringSocket socket, RecoverableState state, SavedConnection taken, String secret) {
        SavedState before;
        try {
            before = json.read(taken.state(), SavedState.class);
        } catch (TuttiException foreign) {
            log.warn("A client begins anew, because another version has written what is kept of it", foreign);
            return Optional.empty();
        }
        // its connection may be broken without anybody having noticed
        disconnectFormer.accept(before.id(), taken.claim());
        @Nullable Object offset = socket.handshake().auth().get(OFFSET);
        long shown = offset == null ? 0 : Offset.read(offset).orElse(Long.MAX_VALUE);
        long after = Math.max(shown, before.begin()); // clients that had to begin anew still show what they had before
        boolean known = after < Long.MAX_VALUE && before.person().equals(person(socket)) && namespaceLog.reach(after);
        if (!known) {
            return Optional.empty();
        }
        Optional<Boolean> back = namespaceLog.call(() -> resume(socket, state, taken, before, secret, after));
        if (back.orElse(false)) {
            confirm(socket, state, before);
        }
        return back;
    }

    private static void confirm(EnteringSocket socket, RecoverableState state, SavedState before) {
        try {
            state.confirm(before);
        } catch (TuttiException away) {
            log.debug("A client has to come again, because what became of it cannot be kept", away);
            socket.outbox().fail(away.code(), "the connection could not be continued");
        }
    }

    /** On the namespace log's executor: what is missed is in it now, and what comes is passed on later. */
    private Optional<Boolean> resume(
            EnteringSocket socket,
            RecoverableState state,
            SavedConnection taken,
            SavedState before,
            String secret,
            long after) {
        if (!namespaceLog.covers(after) || !before.stays().isCompleteBehind(after)) {
            return Optional.empty();
        }
        List<Entry> missed = namespaceLog.behind(after).stream()
                .filter(entry -> before.isMeant(entry.who(), entry.seq()))
                .toList();
        if (missed.stream().mapToLong(Entry::bytes).sum() > mostMissed.getAsInt()) {
            return Optional.empty();
        }
        socket.resume(before.id());
        state.resume(taken, before);
        boolean in = socket.enter(secret, missed.stream().map(Entry::packets).toList());
        if (!in) {
            state.end(connections::lost); // with all that it missed
        }
        return Optional.of(in);
    }
}
