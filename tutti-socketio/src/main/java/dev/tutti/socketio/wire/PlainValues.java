package dev.tutti.socketio.wire;

import dev.tutti.stream.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values that can leave the instance. Other values may be anything, and are for the application itself. */
public final class PlainValues {
    private static final int DEPTH = 16;

    private PlainValues() {}

    /** Those of {@code attributes} that are booleans, numbers, texts, bytes, or lists and maps of such and of null. */
    public static Map<String, Object> of(Map<String, Object> attributes) {
        return some(attributes, true);
    }

    /** As {@link #of}, but for those that are bytes or have some: JSON has none. */
    public static Map<String, Object> withoutBytes(Map<String, Object> attributes) {
        return some(attributes, false);
    }

    /** Those of {@code attributes} that JSON did not bring back as null, as it does with a number that is none. */
    public static Map<String, Object> present(Map<String, Object> attributes) {
        Map<String, Object> some = new HashMap<>(attributes);
        some.values().removeIf(Objects::isNull);
        return some;
    }

    private static Map<String, Object> some(Map<String, Object> attributes, boolean bytes) {
        Map<String, Object> some = new HashMap<>(attributes);
        some.values().removeIf(value -> !isPlain(value, bytes, 0));
        return some;
    }

    private static boolean isPlain(@Nullable Object value, boolean bytes, int depth) {
        return switch (value) {
            case null -> true; // clients send it, in lists and maps
            case Boolean _, Number _, String _, Json _ -> true;
            case byte[] _ -> bytes;
            case Collection<?> values -> depth < DEPTH && arePlain(values, bytes, depth + 1);
            case Map<?, ?> values ->
                depth < DEPTH
                        && values.keySet().stream().allMatch(Objects::nonNull)
                        && arePlain(values.values(), bytes, depth + 1);
            default -> false;
        };
    }

    private static boolean arePlain(Collection<?> values, boolean bytes, int depth) {
        return values.stream().allMatch(each -> isPlain(each, bytes, depth));
    }
}
