package dev.tutti.account;

import dev.tutti.core.limit.RateLimits;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.socket.Authenticator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** {@code /api/account/export}: what the server keeps of somebody, as JSON, for themselves. Three times a minute. */
final class ExportRoutes {
    private static final int PER_MINUTE = 3;

    private final Authenticator people;
    private final UserStore users;
    private final SessionStore sessions;
    private final BlockStore blocks;
    private final AttemptLimit limit;
    private final Map<String, Function<String, Object>> parts = new ConcurrentHashMap<>();

    ExportRoutes(Authenticator people, UserStore users, SessionStore sessions, BlockStore blocks, RateLimits limits) {
        this.people = people;
        this.users = users;
        this.sessions = sessions;
        this.blocks = blocks;
        this.limit = new AttemptLimit("exports", PER_MINUTE, limits);
    }

    void part(String name, Function<String, Object> part) {
        parts.put(name, part);
    }

    void addTo(Routes routes) {
        routes.through(Filter.authenticated(people)).on("GET", "/api/account/export", this::export);
    }

    private Reply export(Request request) {
        String me = request.principal().id();
        limit.take(me);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("account", users.profile(me).orElseThrow(AccountChanges::unknown));
        all.put("sessions", List.copyOf(sessions.of(me)));
        all.put("blocks", blocks.of(me));
        parts.forEach((name, part) -> all.put(name, part.apply(me)));
        return Reply.ok(all)
                .with("Cache-Control", "no-store")
                .with("Content-Disposition", "attachment; filename=\"account.json\"");
    }
}
