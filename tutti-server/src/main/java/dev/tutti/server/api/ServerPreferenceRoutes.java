package dev.tutti.server.api;

import dev.tutti.account.PersonPreferences;
import dev.tutti.core.input.Input;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.identity.Identities;
import java.util.regex.Pattern;

/**
 * The route {@code DELETE /api/server/preferences?owner=ID}, which deletes the preferences of a person whom a backend has let go,
 * and of whom this server has no account that could be deleted. For keys with {@code users} and administrators. Safe for use by many
 * threads.
 */
public final class ServerPreferenceRoutes {
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Identities identities;
    private final PersonPreferences preferences;

    /** Routes of operators, known by {@code identities}, to {@code preferences}. */
    public ServerPreferenceRoutes(Identities identities, PersonPreferences preferences) {
        this.identities = identities;
        this.preferences = preferences;
    }

    /** Adds them. */
    public void routes(Routes routes) {
        routes.through(identities.operators()).on("DELETE", "/api/server/preferences", this::delete);
    }

    private Reply delete(Request request) {
        String owner = Input.form("owner", request.query("owner").orElse(null), OWNER, "the id of a person");
        AuditTrail.about(owner);
        preferences.delete(owner);
        return Reply.empty();
    }
}
