package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/server/users} and {@code /api/server/invitations}: what operators do with the accounts of others. */
final class AdministrationRoutes {
    private static final String USERS = "/api/server/users";
    private static final String INVITATIONS = "/api/server/invitations";
    private static final int PAGE = 100;
    private static final int MOST_PAGE = 500;
    private static final int MOST_USES = 10_000;
    private static final int HOURS = 7 * 24;
    private static final int MOST_HOURS = 365 * 24;
    private static final int LINK_HOURS = 24;
    private static final int MOST_LINK_HOURS = 7 * 24;

    private final Accounts accounts;
    private final UserStore users;
    private final AccountChanges changes;
    private final ServerInvitations invitations;
    private final OperatorAccounts making;

    AdministrationRoutes(
            Accounts accounts,
            UserStore users,
            AccountChanges changes,
            ServerInvitations invitations,
            OperatorAccounts making) {
        this.accounts = accounts;
        this.users = users;
        this.changes = changes;
        this.invitations = invitations;
        this.making = making;
    }

    void addTo(Routes routes, Filter operators) {
        routes.through(operators)
                .on("GET", USERS, this::users)
                .on("POST", USERS, this::make)
                .on("PATCH", USERS + "/:id", this::change)
                .on("DELETE", USERS + "/:id", this::delete)
                .on("POST", USERS + "/:id/logout", this::logout)
                .on("POST", USERS + "/:id/reset", this::reset)
                .on("GET", INVITATIONS, this::invitations)
                .on("POST", INVITATIONS, this::invite)
                .on("DELETE", INVITATIONS + "/:id", this::withdraw);
    }

    private record Page(List<Profile> users, boolean more) {}

    private record Change(@Nullable Boolean admin, @Nullable Boolean disabled) {}

    private record NewUserRequest(
            @Nullable String name,
            @Nullable String displayName,
            @Nullable String password,
            @Nullable Integer hours) {}

    private record PasswordLinkRequest(
            @Nullable Integer hours, @Nullable Boolean compromised) {}

    private record InvitationRequest(
            @Nullable Integer uses, @Nullable Integer hours) {}

    /** The one with an id or name, or a page of all. */
    private Reply users(Request request) {
        Optional<String> id = request.query("id");
        Optional<String> name = request.query("name");
        if (id.isPresent() || name.isPresent()) {
            Optional<User> found = id.filter(Ids::isId)
                    .flatMap(accounts::find)
                    .or(() -> name.map(text -> text.toLowerCase(Locale.ROOT))
                            .filter(LoginFields::isName)
                            .flatMap(accounts::named));
            return Reply.ok(found.orElseThrow(AccountChanges::unknown));
        }
        int limit = Input.limit(request.query("limit"), PAGE, MOST_PAGE);
        String after = request.query("after").orElse("");
        if (!after.isEmpty() && !Ids.isId(after)) {
            throw Input.refused("after is not an id");
        }
        List<Profile> page = users.page(after, limit + 1);
        boolean more = page.size() > limit;
        return Reply.ok(new Page(more ? page.subList(0, limit) : page, more));
    }

    private Reply make(Request request) {
        NewUserRequest body = request.body(NewUserRequest.class);
        String name = LoginFields.name(body.name());
        String shown = body.displayName() == null ? name : Input.label("displayName", body.displayName(), 1, 64);
        String password = body.password() == null ? null : LoginFields.password("password", body.password());
        User user = new User(Ids.next(), name, shown);
        OperatorAccounts.CreatedAccount made = making.make(
                user, password, linkLife(body.hours()), request.principal().id());
        return Reply.created(made).with("Cache-Control", "no-store");
    }

    private Reply reset(Request request) {
        PasswordLinkRequest body = request.body(PasswordLinkRequest.class);
        Duration life = linkLife(body.hours());
        OperatorAccounts.PasswordLink made = Boolean.TRUE.equals(body.compromised())
                ? making.recover(id(request), life, request.principal().id())
                : making.link(id(request), life);
        return Reply.created(made).with("Cache-Control", "no-store");
    }

    private static Duration linkLife(@Nullable Integer hours) {
        return Duration.ofHours(Input.within("hours", hours, LINK_HOURS, MOST_LINK_HOURS));
    }

    private Reply change(Request request) {
        Change body = request.body(Change.class);
        return Reply.ok(changes.administer(id(request), body.admin(), body.disabled()));
    }

    private Reply delete(Request request) {
        changes.delete(id(request));
        return Reply.empty();
    }

    private Reply logout(Request request) {
        String id = id(request);
        if (users.find(id).isEmpty()) {
            throw AccountChanges.unknown();
        }
        return Reply.ok(Map.of("ended", accounts.endSessions(id)));
    }

    private Reply invitations(Request request) {
        int limit = Input.limit(request.query("limit"), PAGE, MOST_PAGE);
        return Reply.ok(Map.of("invitations", invitations.list(limit)));
    }

    private Reply invite(Request request) {
        InvitationRequest body = request.body(InvitationRequest.class);
        int uses = Input.within("uses", body.uses(), 1, MOST_USES);
        int hours = Input.within("hours", body.hours(), HOURS, MOST_HOURS);
        return Reply.created(invitations.make(request.principal().id(), uses, Duration.ofHours(hours)));
    }

    private Reply withdraw(Request request) {
        if (!invitations.remove(id(request))) {
            throw new TuttiException(ErrorCode.NOT_FOUND, "there is no such invitation");
        }
        return Reply.empty();
    }

    private static String id(Request request) {
        String id = request.segment("id");
        if (!Ids.isId(id)) {
            throw AccountChanges.unknown();
        }
        return id;
    }
}
