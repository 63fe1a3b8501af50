package dev.tutti.stream;

import java.util.Map;

/**
 * The {@link Retention} of every kind of stream.
 *
 * @param kinds the retention of each named kind, by {@link StreamName#kind()}
 * @param others the retention of all other kinds
 */
public record RetentionPolicy(Map<String, Retention> kinds, Retention others) {
    public RetentionPolicy {
        kinds = Map.copyOf(kinds);
    }

    /** One retention for all kinds. */
    public static RetentionPolicy of(Retention all) {
        return new RetentionPolicy(Map.of(), all);
    }

    /** The retention of {@code stream}. */
    public Retention of(StreamName stream) {
        return kinds.getOrDefault(stream.kind(), others);
    }
}
