package dev.tutti.socketio.socket;

import dev.tutti.edge.flow.LiveConnection;
import dev.tutti.edge.flow.LiveSessions;
import dev.tutti.socket.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The login of one socket's client: who it is, and until when; an anonymous client is called as its socket. Ends the socket
 * when the login is revoked. Safe for use by many threads.
 */
final class SocketLogin {
    private final LiveSessions sessions;
    private final Runnable disconnect;
    private volatile Principal principal;
    private volatile long untilMillis = Long.MAX_VALUE;
    private @Nullable LiveConnection place; // among those of its principal's session; guarded by this
    private boolean closed; // guarded by this

    /** The login of an anonymous client, whose socket {@code id} is ended by {@code disconnect}. */
    SocketLogin(String id, LiveSessions sessions, Runnable disconnect) {
        this.sessions = sessions;
        this.disconnect = disconnect;
        this.principal = new Principal(id, id, Instant.MAX);
    }

    Principal principal() {
        return principal;
    }

    /** The application says who the client is. */
    void authenticated(Principal who) {
        principal = who;
        boolean ends = who.until().isBefore(Instant.ofEpochMilli(Long.MAX_VALUE));
        untilMillis = ends ? who.until().toEpochMilli() : Long.MAX_VALUE;
        LiveConnection noted = sessions.add(who, _ -> disconnect.run());
        LiveConnection before;
        boolean late;
        synchronized (this) {
            late = closed;
            before = place;
            place = closed ? null : noted;
        }
        if (late) {
            noted.close();
        } else if (before != null) {
            before.renewed(); // the client is here, whether or not this is another login
        }
    }

    /** The id of the principal; null if nobody has logged in to the socket {@code id}. */
    @Nullable
    String account(String id) {
        Principal who = principal;
        return who.id().equals(id) ? null : who.id();
    }

    /** The socket {@code id} becomes {@code former}: so does its client, if it is anonymous. */
    void resume(String id, String former) {
        if (account(id) == null) {
            principal = new Principal(former, former, Instant.MAX);
        }
    }

    /** Whether the principal's time is over. */
    boolean hasExpired(long nowMillis) {
        return nowMillis >= untilMillis;
    }

    /** The socket has ended. */
    synchronized void close() {
        closed = true;
        if (place != null) {
            place.close();
        }
    }
}
