package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.http.Handshakes;
import dev.tutti.feed.FeedKey;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renewal of tokens over Socket.IO for whichever issuer has made them: {@code auth:renew {token}} of the same user is acknowledged with
 * {@code expiresAt}, and with {@code endedFeeds}, the feeds that the new token does not allow any more. Blocks.
 */
public final class RenewalSockets {
    private final Authenticator authenticator;
    private final FeedSockets feeds;

    private RenewalSockets(Authenticator authenticator, FeedSockets feeds) {
        this.authenticator = authenticator;
        this.feeds = feeds;
    }

    private record Renewal(@Nullable String token) {}

    /** Offers it to the sockets of {@code namespace}, which {@code authenticator} has let in, and whose feeds are {@code feeds}. */
    public static void add(Namespace namespace, Authenticator authenticator, FeedSockets feeds) {
        RenewalSockets renewals = new RenewalSockets(authenticator, feeds);
        namespace.onConnection(socket -> socket.on("auth:renew", message -> renewals.renew(socket, message)));
    }

    private void renew(Socket socket, Message message) {
        String token = message.as(0, Renewal.class).token();
        if (token == null) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "token is missing");
        }
        Principal renewed = authenticator.authenticate(Handshakes.with(socket.handshake(), Map.of("token", token)));
        Principal known = socket.principal();
        if (!renewed.id().equals(known.id())) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "the token is another user's: connect anew");
        }
        List<FeedKey> ended = renewed.hasSameRights(known) ? List.of() : feeds.refused(socket, renewed);
        socket.authenticated(renewed);
        feeds.end(socket, ended);
        message.reply(Map.of(
                "ok",
                true,
                "expiresAt",
                renewed.until().toString(),
                "endedFeeds",
                ended.stream().map(FeedKey::value).toList()));
    }
}
