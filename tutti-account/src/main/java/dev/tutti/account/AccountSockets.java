package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Authenticates connections: at the handshake, and when they renew that. The edge cuts one when its session ends. */
final class AccountSockets {
    private final Accounts accounts;
    private final AccessTokens tokens;

    AccountSockets(Accounts accounts, AccessTokens tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    void addTo(Namespace namespace) {
        namespace.use(this::enter);
    }

    private void enter(Socket socket) {
        socket.authenticated(accounts.authenticate(socket.handshake()));
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
}
