package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code /api/sessions}: where somebody is logged in, and how they end that. */
final class SessionRoutes {
    private final Accounts accounts;
    private final SessionStore store;

    SessionRoutes(Accounts accounts, SessionStore store) {
        this.accounts = accounts;
        this.store = store;
    }

    void addTo(Routes routes) {
        routes.through(Filter.authenticated(accounts))
                .on("GET", "/api/sessions", this::list)
                .on("DELETE", "/api/sessions", this::endAll)
                .on("DELETE", "/api/sessions/:id", this::endOne);
    }

    private record SessionResponse(
            String id, String device, String address, Instant createdAt, Instant usedAt, boolean current) {}

    private Reply list(Request request) {
        String current = request.principal().session();
        List<SessionResponse> sessions = store.of(request.principal().id()).stream()
                .map(session -> new SessionResponse(
                        session.id(),
                        session.client().device(),
                        session.client().area(),
                        session.createdAt(),
                        session.usedAt(),
                        session.id().equals(current)))
                .toList();
        return Reply.ok(Map.of("sessions", sessions));
    }

    private Reply endOne(Request request) {
        String id = request.segment("id");
        if (!Ids.isId(id) || !accounts.endSession(request.principal().id(), id)) {
            throw new TuttiException(ErrorCode.NOT_FOUND, "there is no such session of yours, or it has ended");
        }
        return Reply.empty();
    }

    /** All others, or with {@code all=true} this one, too. */
    private Reply endAll(Request request) {
        boolean all = switch (request.query("all").orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Input.refused("all is neither true nor false");
        };
        String kept = all ? "" : request.principal().session();
        int ended = accounts.endSessionsBut(kept, request.principal().id());
        Reply reply = Reply.ok(Map.of("ended", ended));
        return all ? Cookies.clear(reply, request) : reply;
    }
}
