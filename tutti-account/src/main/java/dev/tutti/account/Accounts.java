package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.LoginAttempts.Attempt;
import dev.tutti.account.LoginAttempts.Origin;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.http.Filter;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.postgres.sql.Database;
import dev.tutti.session.Sessions;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.SessionCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * The accounts of people, who register and log in with name and password and get two tokens: a short-lived access token that
 * every instance accepts without asking anybody, and a refresh token that trades for the next pair.
 *
 * <p>Safe for use by many threads. Methods that look into the database block.
 */
public final class Accounts implements Authenticator, SessionCheck, AutoCloseable {
    /** The claim {@code iss} of access tokens. */
    public static final String ISSUER = "tutti";

    private final AccountSettings settings;
    private final Clock clock;
    private final UserStore users;
    private final SessionStore sessionStore;
    private final LiveSessionCache sessions;
    private final SessionUse use;
    private final AccessTokens tokens;
    private final Passwords passwords;
    private final Devices devices;
    private final LoginAttempts attempts;
    private final AttemptLimit guesses;
    private final Database database;
    private final AccountChanges changes;
    private final ServerInvitations invitations;
    private final MailProofs proofs;
    private final BlockStore blocks;
    private final ExportRoutes export;
    private final PreferenceStore preferences;
    private final RateLimits limits;
    private final List<AttemptLimit> newVisitors;

    /**
     * Accounts in {@code database}, whose tables {@link AccountSchema} has made, with mails by {@code mailer}; attempts are counted by
     * {@code limits}.
     */
    public Accounts(DataSource database, AccountSettings settings, Clock clock, Mailer mailer, RateLimits limits) {
        this(database, settings, clock, mailer, System::nanoTime, limits);
    }

    /** The same with limits of this process alone, and {@code ticker} telling them, and what is remembered, how time passes in nanoseconds. */
    public Accounts(DataSource database, AccountSettings settings, Clock clock, Mailer mailer, LongSupplier ticker) {
        this(database, settings, clock, mailer, ticker, RateLimits.local(ticker));
    }

    private Accounts(
            DataSource database,
            AccountSettings settings,
            Clock clock,
            Mailer mailer,
            LongSupplier ticker,
            RateLimits limits) {
        this.limits = limits;
        this.settings = settings;
        this.clock = clock;
        this.database = new Database(database);
        this.users = new UserStore(this.database);
        this.sessionStore = new SessionStore(this.database);
        this.sessions = new LiveSessionCache(sessionStore, ticker);
        this.use = new SessionUse(sessionStore);
        this.tokens = new AccessTokens(settings, clock);
        this.passwords = new Passwords(settings.passwords());
        this.devices = new Devices(settings);
        this.attempts = new LoginAttempts(settings.limits(), limits, ticker);
        this.guesses =
                AttemptLimit.byAddress("guesses by address", settings.limits().failuresPerAddress(), limits);
        this.changes = new AccountChanges(this.database, users, sessions, passwords, attempts);
        this.invitations = new ServerInvitations(this.database);
        this.proofs = new MailProofs(
                this.database, users, changes, mailer, new MailQueue(mailer, ticker), settings.page(), limits);
        this.blocks = new BlockStore(this.database);
        this.export = new ExportRoutes(this, users, sessionStore, blocks, limits);
        this.preferences = new PreferenceStore(this.database);
        LimitSettings each = settings.limits();
        this.newVisitors = List.of(
                AttemptLimit.byAddress("visitors by address", each.registrationsPerAddress(), limits),
                AttemptLimit.perDay("preferences by address", each.visitorsPerAddress(), limits));
        changes.onDeletion(preferences::delete);
        export.part("preferences", id -> PreferenceRoutes.plain(preferences.find(PreferenceStore.person(id))));
    }

    /** Adds {@code /api/auth/*}, {@code /api/sessions}, {@code /api/account/*} and {@code /api/blocks}. */
    public void routes(Routes routes) {
        new AccountRoutes(this, settings, tokens, devices).addTo(routes);
        new SessionRoutes(this, sessionStore).addTo(routes);
        new OwnAccountRoutes(this, users, changes, devices).addTo(routes);
        new MailRoutes(this, users, changes, devices, proofs, settings.limits(), limits).addTo(routes);
        new BlockRoutes(this, blocks).addTo(routes);
        export.addTo(routes);
    }

    /**
     * Runs {@code work}, for which the client shows a secret that may be guessed. Each network address has as many that are
     * {@link ErrorCode#NOT_FOUND} as it has wrong passwords; beyond that nothing is run, and {@link ErrorCode#RATE_LIMITED} thrown.
     */
    public <T> T guess(Request request, Supplier<T> work) {
        String holder = NetworkAddress.holder(request.handshake().address());
        guesses.take(holder);
        boolean wrong = false;
        try {
            return work.get();
        } catch (TuttiException refused) {
            wrong = refused.code() == ErrorCode.NOT_FOUND;
            throw refused;
        } finally {
            if (!wrong) {
                guesses.giveBack(holder);
            }
        }
    }

    /**
     * Adds {@code /api/preferences} for those whom {@code people} knows, with an account or without, and for visitors.
     *
     * @param logIns whether people log in here
     */
    public void preferenceRoutes(Routes routes, Authenticator people, boolean logIns) {
        Visitors visitors = new Visitors(people, newVisitors, logIns);
        new PreferenceRoutes(preferences, visitors).addTo(routes);
    }

    /** Adds {@code /api/session/attributes}, which are in {@code attributes}, for the same ones. */
    public void sessionRoutes(Routes routes, Authenticator people, Sessions attributes, boolean logIns) {
        VisitorSessions begun = new VisitorSessions(database, attributes::end);
        new AttributeRoutes(attributes, begun, new Visitors(people, newVisitors, logIns)).addTo(routes);
    }

    /**
     * Adds {@code /api/account/avatar}, with which people give themselves a picture that {@code renderer} draws, and {@code
     * /api/users/:id/avatar}, where others see it; with {@code ?v=} and {@link User#avatar} it may be cached for good.
     */
    public void avatars(Routes routes, Avatar.Renderer renderer) {
        new AvatarRoutes(this, users, new AvatarStore(database), renderer, limits).addTo(routes);
    }

    /** Adds {@code /api/server/users} and {@code /api/server/invitations}, for those whom {@code operators} lets through. */
    public void administration(Routes routes, Filter operators) {
        OperatorAccounts making =
                new OperatorAccounts(database, users, passwords, changes, proofs.notices(), settings.page());
        new AdministrationRoutes(this, users, changes, invitations, making).addTo(routes, operators);
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
     * Adds what is told the id of an account that is being deleted, and takes out what else there is of it. It blocks, and may
     * be told again of the same one; what it throws ends the deletion, which can be repeated then.
     */
    public void onDeletion(Consumer<String> listener) {
        changes.onDeletion(listener);
    }

    /** Adds what is told the id of an account for which the link in a mail was used, by the thread of that request. */
    public void onProof(Consumer<String> listener) {
        proofs.onProof(listener);
    }

    /** Adds what else is kept of a person, under {@code name} of their export; it is asked with their id, blocks, and is bounded. */
    public void onExport(String name, Function<String, Object> part) {
        export.part(name, part);
    }

    /** Lets those through who administer the server. */
    public Filter administrators() {
        return Filter.authenticated(this).around((request, next) -> {
            if (!users.isAdmin(request.principal().id())) {
                throw new TuttiException(ErrorCode.FORBIDDEN, "only administrators of this server may do that");
            }
            return next.handle(request);
        });
    }

    /**
     * The person who connects, by the {@code auth} payload's token, the bearer token or the cookie.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED}, {@link ErrorCode#TOKEN_EXPIRED} or {@link
     *     ErrorCode#SESSION_REVOKED}
     */
    @Override
    public Principal authenticate(Handshake handshake) {
        Principal who = principal(tokens.verify(Credentials.token(handshake)));
        use.note(who.session(), handshake);
        return who;
    }

    /**
     * The person who shows {@code token}, by its signature and claims, where there is no database to ask: the session may have ended.
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

    /**
     * Keeps the account with {@code id} from being deleted until the transaction of {@code connection} ends; false if it was deleted.
     * Transactions that keep something for a person hold them first, so that nothing is left of somebody who is deleted at the same
     * moment. People of other issuers are never deleted.
     */
    public static boolean hold(Connection connection, String id) throws SQLException {
        return UserStore.hold(connection, id);
    }

    /** Ends all sessions of the person with {@code id}, whose connections are cut then, and answers how many there were. */
    public int endSessions(String id) {
        return endSessionsBut("", id);
    }

    /** The same as {@link #close(Deadline)}, within ten seconds. */
    @Override
    public void close() {
        close(Deadline.in(Duration.ofSeconds(10)));
    }

    /** Notes when sessions were used last, and sends the mails that wait until shortly before {@code deadline}. Blocks; idempotent. */
    public void close(Deadline deadline) {
        use.close();
        try {
            use.write();
        } finally {
            proofs.close(deadline.minus(deadline.left().dividedBy(10))); // so that this ends in time
        }
    }

    /** Ends the sessions of {@code user}, all but {@code kept}, and answers how many there were. */
    int endSessionsBut(String kept, String user) {
        List<String> ended = sessionStore.revokeAllBut(kept, user);
        ended.forEach(sessions::ended);
        return ended.size();
    }

    /** Ends a session of {@code user}; false if there is none, or it has ended. */
    boolean endSession(String user, String session) {
        boolean ended = sessionStore.revoke(session, user);
        if (ended) {
            sessions.ended(session);
        }
        return ended;
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

    /** A new account, for which {@code invitation} is used up where one is needed. */
    Login register(User user, String password, Optional<OneTimeToken> invitation, Origin origin, LoginClient client) {
        FairPermits.Caller caller = attempts.register(origin);
        // asked first, as what follows is costly; who is quicker meanwhile is found out by the insert
        invitation.ifPresent(invitations::require);
        if (users.named(user.name()).isPresent()) {
            throw UserStore.taken(user);
        }
        String hash = passwords.hashNew(password, caller, user.name(), user.displayName());
        database.transaction(connection -> {
            if (invitation.isPresent()) {
                ServerInvitations.use(connection, invitation.get());
            }
            if (!UserStore.add(connection, user, hash, true)) {
                throw UserStore.taken(user);
            }
            return true;
        });
        attempts.remember(user.id(), origin);
        return open(user, hash, client);
    }

    Login login(String name, String password, Origin origin, LoginClient client) {
        attempts.admit(origin);
        Optional<UserStore.Known> known = users.named(name);
        Attempt made =
                attempts.count(origin, name, known.map(found -> found.user().id()));
        Optional<String> kept = known.map(UserStore.Known::passwordHash);
        boolean right = made.judged(() -> passwords.matches(password, kept, made.caller()));
        UserStore.Known found = known.filter(_ -> right).orElseThrow(Accounts::wrong);
        attempts.succeeded(made, origin, found.user().id());
        if (found.disabled()) {
            throw new TuttiException(
                    ErrorCode.FORBIDDEN, "the account is disabled; ask an administrator of this server");
        }
        return open(found.user(), found.passwordHash(), client);
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

    /** When an access token issued now runs out. JWTs count in seconds. */
    Instant expiry() {
        return Instant.ofEpochSecond(clock.instant().plus(settings.accessTtl()).getEpochSecond());
    }

    private static TuttiException wrong() {
        return new TuttiException(ErrorCode.UNAUTHENTICATED, "name or password is wrong");
    }

    private Login open(User user, String passwordHash, LoginClient client) {
        RefreshToken token = RefreshToken.fresh();
        SessionStore.OpenedSession opened = sessionStore
                .open(user.id(), passwordHash, token, settings.refreshTtl(), client)
                .orElseThrow(Accounts::wrong);
        opened.ended().forEach(sessions::ended);
        return login(user, opened.session(), token);
    }

    private Login login(User user, Session session, RefreshToken refresh) {
        Instant expiresAt = expiry();
        return new Login(user, session, expiresAt, tokens.issue(user.id(), session.id(), expiresAt), refresh.text());
    }
}
