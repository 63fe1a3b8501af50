package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.AvatarStore.Kept;
import dev.tutti.core.limit.FairPermits.Caller;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.http.EntityTag;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.http.StreamedContent;
import dev.tutti.socket.Authenticator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code /api/account/avatar} and {@code /api/users/:id/avatar}: a picture of oneself, which is drawn anew, for everybody who has an
 * account. It can be changed ten times a minute.
 */
final class AvatarRoutes {
    /** The side of the square. */
    static final int PIXELS = 256;

    private static final int CHANGES_PER_MINUTE = 10;
    private static final int MOST_BYTES = 1 << 20;

    /** Nothing that a picture brings along is loaded or run. */
    private static final String POLICY = "default-src 'none'; sandbox";

    private final Authenticator people;
    private final UserStore users;
    private final AvatarStore store;
    private final Avatar.Renderer renderer;
    private final AttemptLimit limit;

    AvatarRoutes(
            Authenticator people, UserStore users, AvatarStore store, Avatar.Renderer renderer, RateLimits limits) {
        this.people = people;
        this.users = users;
        this.store = store;
        this.renderer = renderer;
        this.limit = new AttemptLimit("avatars", CHANGES_PER_MINUTE, limits);
    }

    void addTo(Routes routes) {
        routes.through(Filter.authenticated(people))
                .on("PUT", "/api/account/avatar", this::change)
                .on("DELETE", "/api/account/avatar", this::remove)
                .on("GET", "/api/users/:id/avatar", this::show);
    }

    private Reply change(Request request) throws IOException {
        String me = request.principal().id();
        limit.take(me);
        byte[] sent = request.stream().readAllBytes(); // a body that has come already, of bounded length
        if (sent.length > MOST_BYTES) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE, "the picture has " + sent.length + " bytes; allowed are " + MOST_BYTES);
        }
        Caller caller =
                new Caller(me, true, NetworkAddress.holder(request.handshake().address()));
        if (!store.put(me, renderer.render(caller, sent, PIXELS))) {
            throw AccountChanges.unknown();
        }
        return Reply.ok(users.profile(me).orElseThrow(AccountChanges::unknown));
    }

    private Reply remove(Request request) {
        store.remove(request.principal().id());
        return Reply.empty();
    }

    /** One that is asked for by its version stays what it is; without a version it may be another one the next time. */
    private Reply show(Request request) {
        Kept kept = store.find(request.segment("id"))
                .orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "there is no picture of this account"));
        EntityTag tag = new EntityTag(kept.version(), false);
        boolean named = request.query("v").equals(Optional.of(kept.version()));
        byte[] bytes = kept.avatar().bytes();
        Reply reply = tag.isNamedBy(request)
                ? new Reply(304, List.of(), null)
                : new Reply(
                        200,
                        List.of(),
                        new StreamedContent(kept.avatar().type(), bytes.length, () -> new ByteArrayInputStream(bytes)));
        return reply.with("ETag", tag.toString())
                .with("Cache-Control", named ? "private, max-age=31536000, immutable" : "private, no-cache")
                .with("Content-Security-Policy", POLICY)
                .with("Cross-Origin-Resource-Policy", "same-site");
    }
}
