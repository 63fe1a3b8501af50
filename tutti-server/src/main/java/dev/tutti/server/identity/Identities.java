package dev.tutti.server.identity;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Accounts;
import dev.tutti.account.Credentials;
import dev.tutti.chat.Chat;
import dev.tutti.core.JsonCodec;
import dev.tutti.feed.FeedKey;
import dev.tutti.http.Filter;
import dev.tutti.http.Request;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.key.Capability;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.SessionCheck;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who may come to the streams: people by their accounts or by tokens of other issuers, programs by their keys. Safe for
 * use by many threads; blocks.
 */
public final class Identities implements Authenticator, SessionCheck, FeedAccess {
    private static final String PUBLIC = "public:";

    private final Optional<Accounts> accounts;
    private final ApiKeys keys;
    private final Optional<TokenIssuers> issuers;
    private final Rights rights;

    /**
     * Those of {@code accounts}, where there are any, of {@code keys}, and of the issuers in {@code configuration}.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a setting cannot be used
     */
    public Identities(
            Configuration configuration, Optional<Accounts> accounts, ApiKeys keys, Clock clock, JsonCodec json) {
        this.accounts = accounts;
        this.keys = keys;
        this.issuers = IdentitySettings.hasIssuers(configuration)
                ? Optional.of(new TokenIssuers(configuration, clock, json))
                : Optional.empty();
        this.rights = Rights.of(configuration.value(IdentitySettings.RIGHTS));
    }

    /** Who shows a token or a key, wherever people may show a token. */
    @Override
    public Principal authenticate(Handshake handshake) {
        String token = Credentials.token(handshake);
        if (ApiKeys.isKey(token)) {
            return keys.verify(token).principal();
        }
        if (issuers.isPresent() && (accounts.isEmpty() || TokenIssuers.isOfAnotherThan(Accounts.ISSUER, token))) {
            return issuers.get().verify(token);
        }
        return accounts.orElseThrow(() -> new TuttiException(
                        ErrorCode.UNAUTHENTICATED,
                        "there are no accounts at this server, and no other issuer is trusted"))
                .authenticate(handshake);
    }

    /** The same for what only people have: programs are refused. */
    public Authenticator people() {
        return handshake -> {
            Principal who = authenticate(handshake);
            if (ApiKey.idOf(who.session()) != null) {
                throw new TuttiException(ErrorCode.FORBIDDEN, "this is for people, and not for programs with a key");
            }
            return who;
        };
    }

    /**
     * The key that {@code handshake} shows.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED} if it is none
     */
    public ApiKey key(Handshake handshake) {
        return keys.verify(Credentials.token(handshake));
    }

    /** Lets keys that have {@code users} through, and administrators of the server. */
    public Filter operators() {
        return administratorsAnd(Capability.Action.USERS, "*");
    }

    /** Lets keys that may read {@code stream} through, and administrators of the server. */
    public Filter readers(StreamName stream) {
        return administratorsAnd(Capability.Action.READ, stream.value());
    }

    private Filter administratorsAnd(Capability.Action action, String name) {
        return (request, next) -> {
            if (accounts.isPresent() && !ApiKeys.isKey(Credentials.token(request.handshake()))) {
                return accounts.get().administrators().apply(request, next);
            }
            ApiKey key = key(request.handshake());
            Request known = request.by(key.principal()); // also of one that is refused
            key.require(action, name);
            return next.handle(known);
        };
    }

    @Override
    public Collection<String> ended(Collection<String> sessions) {
        List<String> people = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String session : sessions) {
            @Nullable String id = ApiKey.idOf(session);
            if (id != null) {
                ids.add(id);
            } else if (!TokenIssuers.isTheirs(session)) {
                people.add(session);
            }
        }
        List<String> ended = new ArrayList<>(
                people.isEmpty() || accounts.isEmpty()
                        ? Set.of()
                        : accounts.get().ended(people));
        keys.revoked(ids).forEach(id -> ended.add(ApiKey.sessionOf(id)));
        return ended;
    }

    /**
     * Who may do what with streams: programs what their keys say; people what {@code TUTTI_RIGHTS} and their tokens say, and
     * what {@code theirs}, which are the chat's, say of feeds and of what is charged for; and anybody may read what {@code TUTTI_RIGHTS}
     * says of anybody. Where there is a chat, nobody else appends to its conversations, whatever a key says.
     */
    public StreamAccess access(Optional<StreamAccess> theirs) {
        return new StreamAccess() {
            @Override
            public boolean isPublic(StreamName stream) {
                return rights.anybodys(Capability.Action.READ, stream.value()).isPresent();
            }

            @Override
            public boolean mayRead(Principal who, StreamName stream) {
                return may(who, Capability.Action.READ, stream.value());
            }

            @Override
            public boolean mayAppend(Principal who, StreamName stream) {
                boolean isChats = theirs.isPresent() && stream.kind().equals(Chat.STREAM_KIND);
                return !isChats && may(who, Capability.Action.PUBLISH, stream.value());
            }

            @Override
            public void charge(Principal who, Append append) {
                if (hasAccount(who)) {
                    theirs.ifPresent(access -> access.charge(who, append));
                }
            }

            @Override
            public Optional<Entitlements> feed(Principal who) {
                return hasAccount(who) ? theirs.flatMap(access -> access.feed(who)) : Optional.empty();
            }
        };
    }

    /** Feeds of the kind {@code public} are for anybody. */
    @Override
    public boolean isPublic(FeedKey key) {
        return isPublic(key.value());
    }

    /** Whether anybody may read the feed called {@code key}. */
    static boolean isPublic(String key) {
        return key.startsWith(PUBLIC);
    }

    /** By the same rights as streams, but for what anybody may: a feed's key is written as a stream's name is. */
    @Override
    public boolean mayRead(Principal who, FeedKey key) {
        return rights.grant(who, Capability.Action.READ, key.value())
                .filter(grant -> grant.holder() != Rights.Holder.ANYBODY) // which come last
                .isPresent();
    }

    /** Who has the capability by a key or token of their own: what everybody may do with streams is not for feeds. */
    @Override
    public boolean mayPublish(Principal who, FeedKey key) {
        return rights.grant(who, Capability.Action.PUBLISH, key.value())
                .filter(Rights.Grant::own)
                .isPresent();
    }

    private boolean may(Principal who, Capability.Action action, String name) {
        return rights.grant(who, action, name).isPresent();
    }

    private static boolean hasAccount(Principal who) {
        return !Rights.isProgram(who) && !TokenIssuers.isTheirs(who.session());
    }
}
