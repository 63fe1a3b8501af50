package dev.tutti.account;

import dev.tutti.core.input.Input;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.session.Sessions;
import dev.tutti.socket.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/session/attributes}: what the application keeps of a login, or of a visitor without one, while it lasts. */
final class AttributeRoutes {
    /** How long names and encrypted values of a visitor may be in all, in bytes: anybody is one. */
    private static final int MOST_BYTES_OF_VISITOR = 2_048;

    private static final String PATH = "/api/session/attributes";

    private final Sessions sessions;
    private final VisitorSessions begun;
    private final Visitors visitors;

    AttributeRoutes(Sessions sessions, VisitorSessions begun, Visitors visitors) {
        this.sessions = sessions;
        this.begun = begun;
        this.visitors = visitors;
    }

    void addTo(Routes routes) {
        routes.on("GET", PATH, this::read).on("PATCH", PATH, this::change);
    }

    private record Change(@Nullable Map<String, @Nullable Object> attributes) {}

    /** The attributes of the person who has signed in, or of the visitor; none of a visitor who is not known yet. */
    private Reply read(Request request) {
        Optional<String> session = visitors.person(request).map(Principal::session);
        return shown(
                session.isPresent()
                        ? sessions.attributes(session.get())
                        : Visitors.known(request)
                                .map(PreferenceStore::visitor)
                                .map(this::ofVisitor)
                                .orElse(Map.of()));
    }

    private Map<String, Object> ofVisitor(String holder) {
        return left(holder).map(left -> sessions.attributes(holder, left)).orElse(Map.of());
    }

    /** How long the session of the visitor {@code holder} goes on; empty if there is none. */
    private Optional<Duration> left(String holder) {
        Optional<Duration> left = begun.left(holder);
        if (left.isEmpty() && !sessions.attributes(holder).isEmpty()) { // at an instance that notes no sessions
            left = Optional.of(begun.open(holder));
        }
        return left.filter(Duration::isPositive);
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
                request, token -> left(PreferenceStore.visitor(token)).isPresent());
        String holder = PreferenceStore.visitor(visitor);
        Map<String, Object> changed = sessions.change(holder, changes, MOST_BYTES_OF_VISITOR, begun.open(holder));
        return Cookies.setVisitor(shown(changed), request, visitor.text());
    }

    private static Reply shown(Map<String, Object> attributes) {
        return Reply.ok(Map.of("attributes", attributes)).with("Cache-Control", "no-store");
    }
}
