package dev.tutti.server.audit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The requests that are recorded, and the actions as which they are recorded. A route of the areas that matter which is not named here
 * is recorded by method and path, so that none is forgotten.
 */
final class AuditedActions {
    private static final int LONGEST = 64;

    private static final Map<String, String> NAMED = Map.ofEntries(
            Map.entry("POST /api/auth/register", "account.register"),
            Map.entry("POST /api/auth/login", "login"),
            Map.entry("POST /api/auth/logout", "logout"),
            Map.entry("POST /api/auth/reset", "password.request"),
            Map.entry("POST /api/auth/reset/confirm", "password.reset"),
            Map.entry("POST /api/auth/email/confirm", "email.confirm"),
            Map.entry("PUT /api/account/email", "email.request"),
            Map.entry("POST /api/account/email/delete", "email.remove"),
            Map.entry("POST /api/account/password", "password.change"),
            Map.entry("POST /api/account/delete", "account.delete"),
            Map.entry("GET /api/account/export", "account.export"),
            Map.entry("GET /api/sessions", "session.read"),
            Map.entry("DELETE /api/sessions", "session.end-all"),
            Map.entry("DELETE /api/sessions/:id", "session.end"),
            Map.entry("GET /api/preferences", "preferences.read"),
            Map.entry("PATCH /api/preferences", "preferences.change"),
            Map.entry("POST /api/files/:id/links", "file.link"),
            Map.entry("DELETE /api/files/:id", "file.delete"),
            Map.entry("DELETE /api/server/files", "file.delete-all"),
            Map.entry("DELETE /api/server/preferences", "preferences.delete"),
            Map.entry("GET /api/server/users", "user.read"),
            Map.entry("POST /api/server/users", "user.make"),
            Map.entry("PATCH /api/server/users/:id", "user.change"),
            Map.entry("DELETE /api/server/users/:id", "user.delete"),
            Map.entry("POST /api/server/users/:id/logout", "user.logout"),
            Map.entry("POST /api/server/users/:id/reset", "user.reset"),
            Map.entry("POST /api/server/disconnect", "user.disconnect"),
            Map.entry("GET /api/server/invitations", "invitation.read"),
            Map.entry("POST /api/server/invitations", "invitation.make"),
            Map.entry("DELETE /api/server/invitations/:id", "invitation.withdraw"),
            Map.entry("GET /api/server/keys", "key.read"),
            Map.entry("POST /api/server/keys", "key.make"),
            Map.entry("DELETE /api/server/keys/:id", "key.revoke"),
            Map.entry("DELETE /api/server/streams/:name", "stream.delete"),
            Map.entry("GET /api/server/webhooks", "webhook.read"),
            Map.entry("POST /api/server/webhooks", "webhook.make"),
            Map.entry("GET /api/server/webhooks/:id", "webhook.read"),
            Map.entry("DELETE /api/server/webhooks/:id", "webhook.delete"),
            Map.entry("POST /api/server/webhooks/:id/pause", "webhook.pause"),
            Map.entry("POST /api/server/webhooks/:id/resume", "webhook.resume"),
            Map.entry("POST /api/server/webhooks/:id/retry", "webhook.retry"),
            Map.entry("POST /api/server/webhooks/:id/secret", "webhook.secret"),
            Map.entry("GET /api/server/audit", "audit.read"));

    /** Of one's own profile and of what lives for moments. */
    private static final Set<String> NOT = Set.of(
            "POST /api/auth/refresh",
            "PATCH /api/account",
            "POST /api/server/emit",
            "POST /api/server/rooms/join",
            "POST /api/server/rooms/leave",
            "GET /api/server/streams");

    /** Of one's own things, each recorded by itself: limits by address, a password or a session that each takes bound how many come. */
    private static final Set<String> BOUNDED = Set.of(
            "account.register",
            "login",
            "logout",
            "session.end",
            "password.request",
            "password.reset",
            "password.change",
            "email.request",
            "email.confirm",
            "email.remove",
            "account.delete",
            "account.export");

    private AuditedActions() {}

    /** Whether {@code action} at the route {@code path} is about somebody's own things, and they may do it as often as they like. */
    static boolean isOwn(String action, String path) {
        return !path.startsWith("/api/server/") && !BOUNDED.contains(action);
    }

    /** The action as which {@code method} at the route {@code path} is recorded; empty if it is not. */
    static Optional<String> of(String method, String path) {
        String route = method + " " + path;
        String named = NAMED.get(route);
        if (named != null) {
            return Optional.of(named);
        }
        boolean ofServer = path.startsWith("/api/server/");
        boolean matters = ofServer
                || (!method.equals("GET")
                        && (path.startsWith("/api/auth/")
                                || path.startsWith("/api/account")
                                || path.startsWith("/api/sessions")));
        return matters && !NOT.contains(route) ? Optional.of(spelled(route)) : Optional.empty();
    }

    private static String spelled(String route) {
        String words = route.replaceAll("[^A-Za-z0-9_-]+", ".");
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST);
    }
}
