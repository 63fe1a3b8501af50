package dev.tutti.server.audit;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.server.key.ApiKey;
import dev.tutti.socket.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One request while it is answered, with everything that comes to be known of it. For the thread of the request alone. */
final class AuditedAct {
    static final String STRANGER = "stranger";

    private static final String PREFERENCES = "preferences.";

    private static final Pattern OWN_ID = Pattern.compile("[0-9a-f]{24}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{3,32}");
    private static final List<String> MADE = List.of("user", "key", "webhook", "invitation");

    private final String action;
    private final String route;
    private @Nullable Principal who;
    private @Nullable String target;
    private boolean entered;

    AuditedAct(String action, String route) {
        this.action = action;
        this.route = route;
    }

    private record Asked(
            @Nullable String name,
            @Nullable Boolean admin,
            @Nullable Boolean disabled) {}

    void by(Principal principal) {
        who = principal;
    }

    /** It is about the account {@code id}. */
    void about(String id) {
        target = id;
    }

    /** It was answered with {@code reply}: what was made, or who came in, is in there. */
    void answered(Reply reply, JsonCodec json) {
        entered = action.equals("login") || action.equals("account.register");
        if (!entered && reply.status() != 201) {
            return;
        }
        JsonNode tree = json.mapper().valueToTree(reply.body());
        MADE.stream()
                .map(name -> tree.path(name).path("id").asString(""))
                .filter(id -> ID.matcher(id).matches())
                .findFirst()
                .ifPresent(this::about);
    }

    /** Whether it is recorded: what visitors prefer, who are nobody, is not, or anybody could fill the audit. */
    boolean isRecorded(String outcome) {
        return who != null || !action.startsWith(PREFERENCES) || !outcome.equals(AuditRecord.OK);
    }

    /** The record of it, as it has ended. */
    AuditEntry entry(Request request, String outcome, String instance, Instant now) {
        String address = request.handshake().address();
        Asked asked = asked(request);
        boolean refused = action.equals("login")
                && Stream.of(ErrorCode.UNAUTHENTICATED, ErrorCode.FORBIDDEN, ErrorCode.RATE_LIMITED)
                        .anyMatch(code -> outcome.equals(code.text()));
        String tried = asked.name() == null ? "" : asked.name().toLowerCase(Locale.ROOT);
        Map<String, Boolean> change = new LinkedHashMap<>();
        if (asked.admin() != null) {
            change.put("admin", asked.admin());
        }
        if (asked.disabled() != null) {
            change.put("disabled", asked.disabled());
        }
        String id = actor();
        return new AuditEntry(
                new AuditRecord(
                        action,
                        by(id),
                        id == null ? address : id,
                        target(request, id, outcome).orElse(null),
                        change,
                        instance,
                        address,
                        now,
                        outcome,
                        1),
                refused && NAME.matcher(tried).matches() ? tried : null,
                AuditedActions.isOwn(action, route));
    }

    private @Nullable String actor() {
        Principal known = who;
        return known != null ? known.id() : entered ? target : null;
    }

    private String by(@Nullable String actor) {
        Principal known = who;
        boolean key = known != null && ApiKey.idOf(known.session()) != null;
        return actor == null ? STRANGER : key ? "key" : "account";
    }

    /** The name in a refused request is whatever somebody has typed: it is recorded only if it has the form of an id. */
    private Optional<String> target(Request request, @Nullable String actor, String outcome) {
        if (action.equals("stream.delete")) { // the name of one that there is
            return outcome.equals(AuditRecord.OK) ? Optional.of(request.segment("name")) : Optional.empty();
        }
        Optional<String> named = Optional.ofNullable(target);
        if (named.isEmpty() && route.contains("/:id")) {
            named = Optional.of(request.segment("id"));
        } else if (named.isEmpty() && action.equals("user.read")) {
            named = request.query("id");
        } else if (named.isEmpty() && !route.startsWith("/api/server/")) {
            named = Optional.ofNullable(actor);
        }
        Pattern form = outcome.equals(AuditRecord.OK) ? ID : OWN_ID;
        return named.filter(id -> form.matcher(id).matches());
    }

    /** The part of the request that is recorded; nothing where it cannot be read, or is about something else. */
    private Asked asked(Request request) {
        if (action.equals("login") || action.equals("user.change")) {
            try {
                return request.body(Asked.class);
            } catch (TuttiException unreadable) {
                return new Asked(null, null, null);
            }
        }
        return new Asked(null, null, null);
    }
}
