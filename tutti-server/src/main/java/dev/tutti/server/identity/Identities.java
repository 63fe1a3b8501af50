package dev.tutti.server.identity;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Accounts;
import dev.tutti.account.Credentials;
import dev.tutti.chat.quota.QuotaHolder;
import dev.tutti.core.JsonCodec;
import dev.tutti.feed.FeedKey;
import dev.tutti.http.Filter;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.Routes;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.key.Capability;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Charge;
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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who may come to the streams: people by their accounts or by tokens of other issuers, programs by their keys. Safe for
 * use by many threads; blocks.
 */
public final class Identities implements Authenticator, SessionCheck, FeedAccess {
    private final Optional<Accounts> accounts;
    private final ApiKeys keys;
    private final Optional<TokenIssuers> issuers;
    private final RightsAccess rights;

    /**
     * Those of {@code accounts}, where there are any, of {@code keys}, and of the issuers in {@code configuration}.
     *
     * @param ticker by which answers of issuers are kept: a monotonic clock in nanoseconds
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a setting cannot be used
     */
    public Identities(
            Configuration configuration,
            Optional<Accounts> accounts,
            ApiKeys keys,
            Clock clock,
            LongSupplier ticker,
            JsonCodec json) {
        this.accounts = accounts;
        this.keys = keys;
        Rights said = Rights.of(configuration.value(IdentitySettings.RIGHTS));
        this.rights = new RightsAccess(said);
        this.issuers = IdentitySettings.hasIssuers(configuration)
                ? Optional.of(new TokenIssuers(configuration, said.claims(), clock, ticker, json))
                : Optional.empty();
    }

    /**
     * Reads the files of {@code TUTTI_JWT_PUBLIC_KEYS} again, if there are any. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if one has no key; all stay as they were then
     */
    public void readPublicKeys() {
        issuers.ifPresent(TokenIssuers::readPublicKeys);
    }

    /** The principal that shows a token or a key, wherever people may show a token. */
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

    /** A view of {@code routes} for programs with a key. Its handlers are given the key, and check what it allows. */
    public KeyRoutes programs(Routes routes) {
        return new KeyRoutes(routes, this);
    }

    /** Lets keys through that have {@code action} for {@code name}. */
    public Filter programs(Capability.Action action, String name) {
        return (request, next) -> authenticated((known, key) -> {
                    key.require(action, name);
                    return next.handle(known);
                })
                .handle(request);
    }

    /** A handler that gives {@code handler} the requests with a key. Limits and audit know the key even if {@code handler} refuses it. */
    RequestHandler authenticated(KeyHandler handler) {
        return request -> {
            ApiKey key = keys.verify(Credentials.token(request.handshake()));
            return handler.handle(request.by(key.principal()), key);
        };
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
        Filter programs = programs(action, name);
        return (request, next) -> {
            boolean isPerson = accounts.isPresent() && !ApiKeys.isKey(Credentials.token(request.handshake()));
            return (isPerson ? accounts.get().administrators() : programs).apply(request, next);
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
     * The access to streams. Programs may do what their keys say. People may do what {@code TUTTI_RIGHTS} and their tokens say, and
     * as a feed what {@code chat} says, where there is one. Anybody may read what {@code TUTTI_RIGHTS} says of anybody. Where there
     * is a chat, nobody else appends to its conversations, whatever a key says, and people do not read them as streams,
     * whatever rules and tokens say: the log has what was deleted, and what was said before somebody joined.
     * All people are charged by {@code charges}, those of other
     * issuers by what they are called here, which stands for issuer and subject; programs are not.
     */
    public StreamAccess access(
            Optional<Function<Principal, Entitlements>> chat, BiFunction<QuotaHolder, List<Append>, Charge> charges) {
        return rights.streams(chat, charges);
    }

    @Override
    public boolean isPublic(FeedKey key) {
        return rights.isPublic(key);
    }

    @Override
    public boolean mayRead(Principal who, FeedKey key) {
        return rights.mayRead(who, key);
    }

    @Override
    public boolean mayPublish(Principal who, FeedKey key) {
        return rights.mayPublish(who, key);
    }
}
