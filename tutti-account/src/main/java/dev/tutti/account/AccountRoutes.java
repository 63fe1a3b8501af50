package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.socket.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/auth/*}. */
final class AccountRoutes {
    private final Accounts accounts;
    private final AccountSettings settings;
    private final AccessTokens tokens;
    private final Devices devices;

    AccountRoutes(Accounts accounts, AccountSettings settings, AccessTokens tokens, Devices devices) {
        this.accounts = accounts;
        this.settings = settings;
        this.tokens = tokens;
        this.devices = devices;
    }

    void addTo(Routes routes) {
        routes.on("GET", "/api/auth/registration", _ -> registration())
                .on("POST", "/api/auth/register", this::register)
                .on("POST", "/api/auth/login", this::login)
                .on("POST", "/api/auth/refresh", this::refresh)
                .through(Filter.authenticated(accounts))
                .on("POST", "/api/auth/logout", this::logout)
                .on("GET", "/api/auth/me", this::me);
    }

    private record RegistrationRequest(
            @Nullable String name,
            @Nullable String password,
            @Nullable String displayName,
            @Nullable String invitation,
            @Nullable String device,
            @Nullable Boolean cookies) {}

    private record Entry(
            @Nullable String name,
            @Nullable String password,
            @Nullable String device,
            @Nullable Boolean cookies) {}

    private record Renewal(
            @Nullable String refreshToken, @Nullable Boolean cookies) {}

    /** A token that is null is in a cookie instead. */
    private record Tokens(
            User user,
            Instant expiresAt,
            @Nullable String accessToken,
            @Nullable String refreshToken,
            @Nullable String socketToken) {}

    private record Me(User user, Current session) {
        record Current(String id, Instant createdAt, Instant expiresAt) {}
    }

    /** For forms: who may make an account here. */
    private Reply registration() {
        String policy = settings.registration().name().toLowerCase(Locale.ROOT);
        return Reply.ok(Map.of("registration", policy)).with("Cache-Control", "no-store");
    }

    private Reply register(Request request) {
        if (settings.registration() == RegistrationPolicy.CLOSED) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "nobody can register at this server (TUTTI_REGISTRATION)");
        }
        RegistrationRequest body = request.body(RegistrationRequest.class);
        String name = LoginFields.name(body.name());
        String password = LoginFields.password("password", body.password());
        String shown = body.displayName() == null ? name : Input.label("displayName", body.displayName(), 1, 64);
        Login login = accounts.register(
                new User(Ids.next(), name, shown),
                password,
                invitation(body),
                LoginFields.origin(request, devices),
                LoginClient.of(request, body.device()));
        return entered(request, login, wanted(body.cookies()), 201);
    }

    /** Empty where none is needed. */
    private Optional<OneTimeToken> invitation(RegistrationRequest body) {
        return settings.registration() == RegistrationPolicy.INVITE
                ? Optional.of(Optional.ofNullable(body.invitation())
                        .flatMap(OneTimeToken::parse)
                        .orElseThrow(ServerInvitations::refused))
                : Optional.empty();
    }

    private Reply login(Request request) {
        Entry body = request.body(Entry.class);
        Login login = accounts.login(
                LoginFields.name(body.name()),
                LoginFields.password("password", body.password()),
                LoginFields.origin(request, devices),
                LoginClient.of(request, body.device()));
        return entered(request, login, wanted(body.cookies()), 200);
    }

    private Reply refresh(Request request) {
        Renewal body = request.body(Renewal.class);
        Optional<String> cookie = Cookies.read(request, Cookies.REFRESH);
        boolean cookieAlone = body.refreshToken() == null && cookie.isPresent();
        Login login;
        try {
            RefreshToken presented = Optional.ofNullable(body.refreshToken())
                    .or(() -> cookie)
                    .flatMap(RefreshToken::parse)
                    .orElseThrow(() -> new TuttiException(ErrorCode.UNAUTHENTICATED, "no valid refresh token"));
            login = accounts.refresh(presented);
        } catch (TuttiException refused) {
            if (cookieAlone && refused.code().httpStatus() == 401) {
                return over(request, refused);
            }
            throw refused;
        }
        if (!wanted(body.cookies()) && !cookieAlone) {
            return entered(request, login, false, 200);
        }
        String renewal = tokens.issueRenewal(login.user().id(), login.session().id(), login.expiresAt());
        return Cookies.set(
                Reply.ok(new Tokens(login.user(), login.expiresAt(), null, null, renewal)), request, login, settings);
    }

    /** The refusal, by which a browser forgets its cookies: with them it would claim a login that has ended. */
    private static Reply over(Request request, TuttiException refused) {
        return Cookies.clear(
                Reply.refused(refused.code().httpStatus(), refused).with("Cache-Control", "no-store"), request);
    }

    private Reply logout(Request request) {
        Principal who = request.principal();
        boolean _ = accounts.endSession(who.id(), who.session());
        return Cookies.clear(Reply.empty(), request);
    }

    private Reply me(Request request) {
        Principal who = request.principal();
        Session session = accounts.requireLive(who.session());
        return Reply.ok(
                new Me(accounts.user(who), new Me.Current(session.id(), session.createdAt(), session.expiresAt())));
    }

    private Reply entered(Request request, Login login, boolean cookies, int status) {
        Tokens body = cookies
                ? new Tokens(login.user(), login.expiresAt(), null, null, null)
                : new Tokens(login.user(), login.expiresAt(), login.accessToken(), login.refreshToken(), null);
        Reply reply = new Reply(status, List.of(), body).with("Cache-Control", "no-store");
        return cookies ? known(Cookies.set(reply, request, login, settings), request, login.user()) : reply;
    }

    /** Lets the browser show from now on that it has logged in. */
    private Reply known(Reply reply, Request request, User user) {
        boolean already = LoginFields.device(request, devices)
                .filter(device -> device.user().equals(user.id()))
                .isPresent();
        return already ? reply : Cookies.setDevice(reply, request, devices.issue(user.id()));
    }

    private static boolean wanted(@Nullable Boolean flag) {
        return flag != null && flag;
    }
}
