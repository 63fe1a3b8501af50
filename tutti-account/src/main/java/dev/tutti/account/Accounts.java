package dev.tutti.account;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Tries.Origin;
import dev.tutti.account.Tries.Try;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.http.Routes;
import dev.tutti.postgres.sql.Database;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.SessionCheck;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Who people are. They register and log in with name and password and get two tokens: a short-lived access token that
 * every instance accepts without asking anybody, and a refresh token that trades for the next pair.
 *
 * <p>Safe for use by many threads. What looks into the database blocks.
 */
public final class Accounts implements Authenticator, SessionCheck {
    /** What the claim {@code iss} of an access token says. */
    public static final String ISSUER = "tutti";

    private final AccountSettings settings;
    private final Clock clock;
    private final UserStore users;
    private final SessionStore sessionStore;
    private final LiveSessionCache sessions;
    private final AccessTokens tokens;
    private final Passwords passwords;
    private final Devices devices;
    private final Tries tries;

    /** Accounts in {@code database}, whose tables {@link AccountSchema} has made; tries are counted by {@code limits}. */
    public Accounts(DataSource database, AccountSettings settings, Clock clock, RateLimits limits) {
        this(database, settings, clock, Ticker.systemTicker(), limits);
    }

    /** The same with limits of this process alone, and {@code ticker} telling how time passes for them and for what is remembered. */
    public Accounts(DataSource database, AccountSettings settings, Clock clock, Ticker ticker) {
        this(database, settings, clock, ticker, RateLimits.local(ticker::read));
    }

    private Accounts(DataSource database, AccountSettings settings, Clock clock, Ticker ticker, RateLimits limits) {
        Database accounts = new Database(database);
        this.settings = settings;
        this.clock = clock;
        this.users = new UserStore(accounts);
        this.sessionStore = new SessionStore(accounts);
        this.sessions = new LiveSessionCache(sessionStore, ticker);
        this.tokens = new AccessTokens(settings, clock);
        this.passwords = new Passwords(settings.passwords());
        this.devices = new Devices(settings);
        this.tries = new Tries(settings.limits(), limits, ticker);
    }

    /** Adds {@code /api/auth/*}. */
    public void routes(Routes routes) {
        routes(routes, true);
    }

    /** The same; nobody can register unless {@code registration}. */
    public void routes(Routes routes, boolean registration) {
        new AccountRoutes(this, settings, tokens, devices).addTo(routes, registration);
    }

    /** Lets only those into {@code namespace} who show who they are, and lets them renew that. */
    public void sockets(Namespace namespace) {
        new AccountSockets(this, tokens).addTo(namespace);
    }

    /** Adds what is told the id of every session that ends on this instance, so that its connections can be cut. */
    public void onSessionEnd(Consumer<String> listener) {
        sessions.onEnd(listener);
    }

    /**
     * Who connects, by the {@code auth} payload's token, the bearer token or the cookie.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED}, {@link ErrorCode#TOKEN_EXPIRED} or {@link
     *     ErrorCode#SESSION_REVOKED}
     */
    @Override
    public Principal authenticate(Handshake handshake) {
        return principal(tokens.verify(Credentials.token(handshake)));
    }

    /**
     * Who shows {@code token} by its signature and claims, where there is no database to ask: the session may have ended.
     *
     * @throws TuttiException as {@link #authenticate} does, but for {@link ErrorCode#SESSION_REVOKED}
     */
    public static Principal claimed(String token, AccountSettings settings, Clock clock) {
        AccessTokens.Claims claims = new AccessTokens(settings, clock).verify(token);
        return new Principal(claims.user(), claims.session(), claims.until());
    }

    @Override
    public Collection<String> ended(Collection<String> ids) {
        Set<String> ended = new HashSet<>(ids);
        ended.removeAll(sessionStore.live(ids));
        return ended;
    }

    /** The person {@code who} is. */
    public User user(Principal who) {
        return users.find(who.id()).orElseThrow(() -> new TuttiException(ErrorCode.UNAUTHENTICATED, "no such account"));
    }

    /** The person with {@code id}. */
    public Optional<User> find(String id) {
        return users.find(id);
    }

    /** The person called {@code name}, in lower case. */
    public Optional<User> named(String name) {
        return users.named(name).map(UserStore.Known::user);
    }

    /** Ends all sessions of the person with {@code id}, whose connections are cut then, and answers how many there were. */
    public int endSessions(String id) {
        List<String> ended = sessionStore.revokeAll(id);
        ended.forEach(sessions::ended);
        return ended.size();
    }

    Principal principal(AccessTokens.Claims claims) {
        if (!requireLive(claims.session()).user().equals(claims.user())) {
            throw new TuttiException(ErrorCode.UNAUTHENTICATED, "the session is somebody else's");
        }
        return new Principal(claims.user(), claims.session(), claims.until());
    }

    /** Throws unless the session is good. */
    Session requireLive(String session) {
        return sessions.find(session)
                .orElseThrow(
                        () -> new TuttiException(ErrorCode.SESSION_REVOKED, "the session has ended; log in again"));
    }

    Login register(User user, String password, Origin origin) {
        FairPermits.Caller caller = tries.register(origin);
        // asked first, as a hash is costly; who is quicker meanwhile is found out by the insert
        if (users.named(user.name()).isPresent() || !users.add(user, passwords.hash(password, caller))) {
            throw new TuttiException(ErrorCode.CONFLICT, "name '" + user.name() + "' is taken");
        }
        tries.remember(user.id(), origin);
        return open(user);
    }

    Login login(String name, String password, Origin origin) {
        tries.admit(origin);
        Optional<UserStore.Known> known = users.named(name);
        Try made = tries.count(origin, name, known.map(found -> found.user().id()));
        boolean right = passwords.matches(password, known.map(UserStore.Known::passwordHash), made.caller());
        User user = known.filter(_ -> right)
                .map(UserStore.Known::user)
                .orElseThrow(() -> new TuttiException(ErrorCode.UNAUTHENTICATED, "name or password is wrong"));
        tries.succeeded(made, origin, user.id());
        return open(user);
    }

    Login refresh(RefreshToken presented) {
        RefreshToken next = presented.next();
        return switch (sessionStore.rotate(presented, next, settings.refreshGrace(), settings.refreshTtl())) {
            case SessionStore.Rotation.Granted(Session session) ->
                login(
                        users.find(session.user())
                                .orElseThrow(() -> new IllegalStateException("a session without a person")),
                        session,
                        next);
            case SessionStore.Rotation.Revoked(String session) -> {
                sessions.ended(session);
                throw new TuttiException(ErrorCode.SESSION_REVOKED, "the session has ended; log in again");
            }
            case SessionStore.Rotation.Unknown() ->
                throw new TuttiException(ErrorCode.UNAUTHENTICATED, "the refresh token is not valid; log in again");
        };
    }

    void logout(Principal who) {
        sessions.end(who.session());
    }

    /** When an access token issued now runs out. JWTs count in seconds. */
    Instant expiry() {
        return Instant.ofEpochSecond(clock.instant().plus(settings.accessTtl()).getEpochSecond());
    }

    private Login open(User user) {
        RefreshToken token = RefreshToken.fresh();
        SessionStore.Opened opened = sessionStore.open(user.id(), token, settings.refreshTtl());
        opened.ended().forEach(sessions::ended);
        return login(user, opened.session(), token);
    }

    private Login login(User user, Session session, RefreshToken refresh) {
        Instant expiresAt = expiry();
        return new Login(user, session, expiresAt, tokens.issue(user.id(), session.id(), expiresAt), refresh.text());
    }
}
