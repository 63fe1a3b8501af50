package dev.tutti.chat;

import dev.tutti.account.Accounts;
import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Links into groups over REST. Tokens are in bodies alone: addresses are written into logs. */
final class GroupLinkRoutes {
    private static final String LINKS = "/api/conversations/:id/links";
    private static final String LINK = "/api/invitations/link";
    private static final int USES = 25;
    private static final int MOST_USES = 10_000;
    private static final int HOURS = 7 * 24;
    private static final int MOST_HOURS = 365 * 24;

    private final Chat chat;
    private final Accounts accounts;

    GroupLinkRoutes(Chat chat, Accounts accounts) {
        this.chat = chat;
        this.accounts = accounts;
    }

    void addTo(Routes routes) {
        routes.through(Filter.authenticated(accounts))
                .on("GET", LINKS, this::list)
                .on("POST", LINKS, this::make)
                .on("DELETE", LINKS + "/:link", this::revoke)
                .on("POST", LINK, this::look)
                .on("POST", LINK + "/join", this::join);
    }

    private record GroupLinkRequest(
            @Nullable Integer uses, @Nullable Integer hours) {}

    private record LinkTokenRequest(@Nullable String token) {}

    private Reply list(Request request) {
        return Reply.ok(Map.of("links", chat.links().of(id(request), me(request))));
    }

    private Reply make(Request request) {
        GroupLinkRequest body = request.body(GroupLinkRequest.class);
        int uses = Input.within("uses", body.uses(), USES, MOST_USES);
        int hours = Input.within("hours", body.hours(), HOURS, MOST_HOURS);
        return Reply.created(chat.links().make(id(request), me(request), uses, Duration.ofHours(hours)));
    }

    private Reply revoke(Request request) {
        chat.links().revoke(id(request), me(request), Fields.user(request.segment("link")));
        return Reply.empty();
    }

    private Reply look(Request request) {
        String token = token(request);
        return Reply.ok(accounts.guess(request, () -> chat.links().look(token, me(request))));
    }

    private Reply join(Request request) {
        String token = token(request);
        String conversation = accounts.guess(request, () -> chat.links().join(token, me(request)));
        return Reply.ok(chat.listing().one(conversation, me(request)));
    }

    private static String token(Request request) {
        return Input.present("token", request.body(LinkTokenRequest.class).token());
    }

    private static String me(Request request) {
        return request.principal().id();
    }

    private static String id(Request request) {
        return Fields.conversation(request.segment("id"));
    }
}
