package dev.tutti.account;

import dev.tutti.core.input.Input;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.socket.Authenticator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** New passwords by mail, and e-mail addresses. */
final class MailRoutes {
    private static final int LONGEST_EMAIL = 254;
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63}){0,10}");

    private final Authenticator people;
    private final UserStore users;
    private final AccountChanges changes;
    private final Devices devices;
    private final MailProofs proofs;
    private final AttemptLimit attempts;

    MailRoutes(
            Authenticator people,
            UserStore users,
            AccountChanges changes,
            Devices devices,
            MailProofs proofs,
            LimitSettings settings,
            RateLimits limits) {
        this.people = people;
        this.users = users;
        this.changes = changes;
        this.devices = devices;
        this.proofs = proofs;
        this.attempts = AttemptLimit.byAddress("mails by address", settings.failuresPerName(), limits);
    }

    void addTo(Routes routes) {
        routes.on("POST", "/api/auth/reset", this::requestReset)
                .on("POST", "/api/auth/reset/confirm", this::reset)
                .on("POST", "/api/auth/email/confirm", this::confirmAddress)
                .through(Filter.authenticated(people))
                .on("PUT", "/api/account/email", this::requestAddress)
                .on("POST", "/api/account/email/delete", this::removeAddress);
    }

    private record EmailRequest(
            @Nullable String email, @Nullable String password) {}

    private record MailTokenRequest(
            @Nullable String token, @Nullable String password) {}

    /** The answer is the same whether anybody has the address or not. */
    private Reply requestReset(Request request) {
        String email = email(request.body(EmailRequest.class).email());
        take(request);
        proofs.requestReset(email);
        return new Reply(202, List.of(), null);
    }

    private Reply reset(Request request) {
        MailTokenRequest body = request.body(MailTokenRequest.class);
        OneTimeToken token = token(body.token());
        String password = LoginFields.password("password", body.password());
        take(request);
        proofs.reset(token, password, holder(request));
        return Reply.empty();
    }

    private Reply confirmAddress(Request request) {
        OneTimeToken token = token(request.body(MailTokenRequest.class).token());
        take(request);
        proofs.confirmAddress(token);
        return Reply.empty();
    }

    private Reply requestAddress(Request request) {
        EmailRequest body = request.body(EmailRequest.class);
        String email = email(body.email());
        Confirmed who = confirmed(request, body.password());
        proofs.requestAddress(who.profile(), who.known(), email);
        return new Reply(202, List.of(), null);
    }

    private Reply removeAddress(Request request) {
        Confirmed who = confirmed(request, request.body(EmailRequest.class).password());
        proofs.removeAddress(who.profile().id());
        return Reply.empty();
    }

    /** Somebody who has given their password. */
    private record Confirmed(Profile profile, UserStore.Known known) {}

    /** Whose password it is: a session that somebody else got hold of must not do with the address what it likes. */
    private Confirmed confirmed(Request request, @Nullable String given) {
        String password = LoginFields.password("password", given);
        take(request);
        Profile profile = users.profile(request.principal().id()).orElseThrow(AccountChanges::unknown);
        return new Confirmed(profile, changes.confirm(profile, password, LoginFields.origin(request, devices)));
    }

    private void take(Request request) {
        attempts.take(holder(request));
    }

    private static String holder(Request request) {
        return NetworkAddress.holder(request.handshake().address());
    }

    private static String email(@Nullable String email) {
        String text = Input.form("email", email, EMAIL, "an e-mail address");
        if (text.length() > LONGEST_EMAIL) {
            throw Input.refused("email has " + text.length() + " characters; allowed are " + LONGEST_EMAIL);
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static OneTimeToken token(@Nullable String token) {
        return Optional.of(Input.present("token", token))
                .flatMap(OneTimeToken::parse)
                .orElseThrow(MailProofs::refused);
    }
}
