package dev.tutti.server.api;

import dev.tutti.core.input.Input;
import dev.tutti.file.FileStorage;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability.Action;
import java.util.regex.Pattern;

/**
 * The route {@code DELETE /api/server/files?owner=ID}, which deletes the files of a person whom a backend has let go, and of whom
 * this server has no account that could be deleted. Each request shows a key that allows it. Safe for use by many threads.
 */
public final class ServerFileRoutes {
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Identities identities;
    private final FileStorage files;

    /** Routes of programs, known by {@code identities}, to {@code files}. */
    public ServerFileRoutes(Identities identities, FileStorage files) {
        this.identities = identities;
        this.files = files;
    }

    /** Adds them. */
    public void routes(Routes routes) {
        identities.programs(routes).on("DELETE", "/api/server/files", this::delete);
    }

    private Reply delete(Request request, ApiKey key) {
        String owner = Input.form("owner", request.query("owner").orElse(null), OWNER, "the id of a person");
        key.require(Action.FILES, owner);
        AuditTrail.about(owner);
        files.deleteAll(owner);
        return Reply.empty();
    }
}
