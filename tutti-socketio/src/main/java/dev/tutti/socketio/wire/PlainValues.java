package dev.tutti.socketio.wire;

import dev.tutti.stream.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Values that can leave the instance. What else an application keeps may be anything, and is for itself. */
public final class PlainValues {
    private static final int DEPTH = 16;

    private PlainValues() {}

    /** Those of {@code attributes} that are booleans, numbers, texts, bytes, lists and maps of such. */
    public static Map<String, Object> of(Map<String, Object> attributes) {
        Map<String, Object> some = new HashMap<>(attributes);
        some.values().removeIf(value -> !isPlain(value, 0));
        return some;
    }

    private static boolean isPlain(Object value, int depth) {
        return switch (value) {
            case Boolean _, Number _, String _, byte[] _, Json _ -> true;
            case Collection<?> values -> depth < DEPTH && values.stream().allMatch(each -> isPlain(each, depth + 1));
            case Map<?, ?> values ->
                depth < DEPTH && values.values().stream().allMatch(each -> isPlain(each, depth + 1));
            default -> false;
        };
    }
}
