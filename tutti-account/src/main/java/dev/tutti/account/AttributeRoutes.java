package dev.tutti.account;

import dev.tutti.core.input.Input;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.session.Sessions;
import dev.tutti.socket.Principal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/session/attributes}: what the application keeps of a login, or of a visitor without one, while it lasts. */
final class AttributeRoutes {
    /** How long names and encrypted values of a visitor may be in all, in bytes: anybody is one. */
    private static final int MOST_BYTES_OF_VISITOR = 2_048;

    private static final String PATH = "/api/session/attributes";

    private final Sessions sessions;
    private final Visitors visitors;

    AttributeRoutes(Sessions sessions, Visitors visitors) {
        this.sessions = sessions;
        this.visitors = visitors;
    }

    void addTo(Routes routes) {
        routes.on("GET", PATH, this::read).on("PATCH", PATH, this::change);
    }

    private record Change(@Nullable Map<String, @Nullable Object> attributes) {}

    private Reply read(Request request) {
        return shown(session(request).map(sessions::attributes).orElse(Map.of()));
    }

    /** Names that are null are removed (RFC 7396, for the first level). */
    private Reply change(Request request) {
        Map<String, @Nullable Object> changes =
                Input.present("attributes", request.body(Change.class).attributes());
        Optional<String> session = visitors.person(request).map(Principal::session);
        if (session.isPresent()) {
            return shown(sessions.change(session.get(), changes));
        }
        OneTimeToken visitor = visitors.admit(
                request,
                token -> !sessions.attributes(PreferenceStore.visitor(token)).isEmpty());
        Map<String, Object> changed = sessions.change(PreferenceStore.visitor(visitor), changes, MOST_BYTES_OF_VISITOR);
        return Cookies.setVisitor(shown(changed), request, visitor.text());
    }

    /** That of the person who has signed in, or of the visitor; empty for a visitor who is not known yet. */
    private Optional<String> session(Request request) {
        return visitors.person(request)
                .map(Principal::session)
                .or(() -> Visitors.known(request).map(PreferenceStore::visitor));
    }

    private static Reply shown(Map<String, Object> attributes) {
        return Reply.ok(Map.of("attributes", attributes)).with("Cache-Control", "no-store");
    }
}
