package dev.tutti.account;

import dev.tutti.account.PreferenceStore.Preferences;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.input.Input;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/preferences}: what somebody prefers, the same at all instances at once. People who have not signed in are known
 * by a cookie, which the first change sets.
 */
final class PreferenceRoutes {
    private static final JsonCodec JSON = new JsonCodec();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final PreferenceStore store;
    private final Visitors visitors;

    PreferenceRoutes(PreferenceStore store, Visitors visitors) {
        this.store = store;
        this.visitors = visitors;
    }

    void addTo(Routes routes) {
        routes.on("GET", "/api/preferences", this::read).on("PATCH", "/api/preferences", this::change);
    }

    private record Change(@Nullable Map<String, @Nullable Object> preferences) {}

    private Reply read(Request request) {
        return shown(holder(request).map(store::find).orElse(Preferences.NONE));
    }

    /** Names that are null are removed (RFC 7396, for the first level). */
    private Reply change(Request request) {
        Map<String, @Nullable Object> wanted =
                Input.present("preferences", request.body(Change.class).preferences());
        Map<String, Object> set = new LinkedHashMap<>();
        List<String> removed = new ArrayList<>();
        wanted.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw Input.refused("preferences has a name that is not 1 to 64 of A-Z a-z 0-9 . _ -");
            }
            if (value == null) {
                removed.add(name);
            } else {
                set.put(name, value);
            }
        });
        if (hasNul(set)) {
            throw Input.refused("preferences has a text with the character U+0000");
        }
        String object = JSON.write(set).toString();
        String names = JSON.write(removed).toString();
        Optional<String> person = visitors.person(request).map(who -> PreferenceStore.person(who.id()));
        if (person.isPresent()) {
            return shown(store.change(person.get(), object, names));
        }
        OneTimeToken visitor = visitors.admit(
                request, token -> store.find(PreferenceStore.visitor(token)).version() > 0);
        Reply changed = shown(store.change(PreferenceStore.visitor(visitor), object, names));
        return Cookies.setVisitor(changed, request, visitor.text());
    }

    /** Whether a text in {@code value}, as it was read from JSON, has the character that PostgreSQL's jsonb does not have. */
    private static boolean hasNul(@Nullable Object value) {
        return switch (value) {
            case String text -> text.indexOf('\0') >= 0;
            case Map<?, ?> object ->
                object.entrySet().stream().anyMatch(entry -> hasNul(entry.getKey()) || hasNul(entry.getValue()));
            case List<?> list -> list.stream().anyMatch(PreferenceRoutes::hasNul);
            case null, default -> false;
        };
    }

    /** Whose they are: the person's who has signed in, or the visitor's; empty for a visitor who is not known yet. */
    private Optional<String> holder(Request request) {
        return visitors.person(request)
                .map(who -> PreferenceStore.person(who.id()))
                .or(() -> Visitors.known(request).map(PreferenceStore::visitor));
    }

    /** As the maps, lists and so on that it is written from. */
    static Map<?, ?> plain(Preferences preferences) {
        return JSON.read(preferences.json(), Map.class);
    }

    private static Reply shown(Preferences preferences) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("preferences", plain(preferences));
        all.put("version", preferences.version());
        return Reply.ok(all);
    }
}
