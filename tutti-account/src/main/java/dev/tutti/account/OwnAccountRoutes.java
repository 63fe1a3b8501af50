package dev.tutti.account;

import dev.tutti.account.LoginAttempts.Origin;
import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.socket.Authenticator;
import org.jspecify.annotations.Nullable;

/** {@code /api/account}: what somebody does with their own account. */
final class OwnAccountRoutes {
    private static final int LONGEST_ABOUT = 500;

    private final Authenticator people;
    private final UserStore users;
    private final AccountChanges changes;
    private final Devices devices;

    OwnAccountRoutes(Authenticator people, UserStore users, AccountChanges changes, Devices devices) {
        this.people = people;
        this.users = users;
        this.changes = changes;
        this.devices = devices;
    }

    void addTo(Routes routes) {
        routes.through(Filter.authenticated(people))
                .on("GET", "/api/account", request -> Reply.ok(profile(request)))
                .on("PATCH", "/api/account", this::describe)
                .on("POST", "/api/account/password", this::changePassword)
                .on("POST", "/api/account/delete", this::delete);
    }

    private record Description(
            @Nullable String displayName, @Nullable String about) {}

    private record PasswordChange(
            @Nullable String currentPassword, @Nullable String password) {}

    private record Deletion(@Nullable String password) {}

    private Reply describe(Request request) {
        Description body = request.body(Description.class);
        String displayName = body.displayName() == null ? null : Input.label("displayName", body.displayName(), 1, 64);
        String about = body.about() == null ? null : Input.text("about", body.about(), 0, LONGEST_ABOUT);
        users.describe(request.principal().id(), displayName, about);
        return Reply.ok(profile(request));
    }

    private Reply changePassword(Request request) {
        PasswordChange body = request.body(PasswordChange.class);
        String current = LoginFields.password("currentPassword", body.currentPassword());
        String next = LoginFields.password("password", body.password());
        Profile profile = profile(request);
        Origin origin = origin(request);
        changes.changePassword(
                changes.confirm(profile, current, origin),
                next,
                request.principal().session(),
                origin.holder());
        return Reply.empty();
    }

    private Reply delete(Request request) {
        String password =
                LoginFields.password("password", request.body(Deletion.class).password());
        changes.confirm(profile(request), password, origin(request));
        changes.delete(request.principal().id());
        return Cookies.clear(Reply.empty(), request);
    }

    private Profile profile(Request request) {
        return users.profile(request.principal().id()).orElseThrow(AccountChanges::unknown);
    }

    private Origin origin(Request request) {
        return LoginFields.origin(request, devices);
    }
}
