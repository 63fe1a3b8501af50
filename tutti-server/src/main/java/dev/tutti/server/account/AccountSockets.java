package dev.tutti.server.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is behind a connection: at its handshake, when it renews that, and when its session ends. */
final class AccountSockets {
    private final Accounts accounts;
    private final AccessTokens tokens;

    AccountSockets(Accounts accounts, AccessTokens tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    void addTo(Namespace namespace) {
        accounts.onSessionEnd(session -> namespace.to(room(session)).disconnect());
        namespace.use(this::enter);
    }

    private void enter(Socket socket) {
        Principal who = accounts.authenticate(socket.handshake());
        socket.authenticated(who);
        socket.join(room(who.session()));
        // a session that ended before this joined its room could not cut it: so look once more
        accounts.requireLive(who.session());
        socket.on("auth:renew", message -> renew(socket, message));
    }

    private record Renewal(@Nullable String token) {}

    private void renew(Socket socket, Message message) {
        String token = message.as(0, Renewal.class).token();
        if (token == null) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "token is missing");
        }
        Principal renewed = accounts.principal(tokens.verifyRenewal(token));
        Principal known = socket.principal();
        if (!renewed.id().equals(known.id()) || !renewed.session().equals(known.session())) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "the token is another session's: connect anew");
        }
        Instant until = renewed.until().isAfter(known.until()) ? renewed.until() : known.until();
        socket.authenticated(new Principal(known.id(), known.session(), until));
        message.reply(Map.of("ok", true, "expiresAt", until.minus(AccessTokens.SKEW)));
    }

    private static String room(String session) {
        return "session:" + session;
    }
}
