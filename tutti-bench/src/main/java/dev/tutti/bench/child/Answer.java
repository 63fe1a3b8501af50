package dev.tutti.bench.child;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The answer of a child process to a command: names and values, neither with white space in it.
 *
 * @param values in the order in which they were put
 */
public record Answer(Map<String, String> values) {
    /** Nothing to tell but that it was done. */
    public static final Answer DONE = new Answer(Map.of());

    /** One value. */
    public static Answer of(String name, Object value) {
        return DONE.and(name, value);
    }

    /** One value more. */
    public Answer and(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value.toString());
        return new Answer(more);
    }

    /** The value of {@code name}. */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the answer " + values + " has no '" + name + "'");
        }
        return value;
    }

    /** The value of {@code name}, a whole number. */
    public long number(String name) {
        return Long.parseLong(text(name));
    }

    static Answer parse(String line) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : line.split(" ", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return new Answer(values);
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(value -> value.getKey() + "=" + value.getValue())
                .collect(Collectors.joining(" "));
    }
}
