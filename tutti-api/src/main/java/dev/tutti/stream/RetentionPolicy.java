package dev.tutti.stream;

import java.util.Map;

/**
 * The {@link Retention} of every kind of stream.
 *
 * @param kinds by {@link StreamName#kind()}
 * @param others for kinds that are not named
 */
public record RetentionPolicy(Map<String, Retention> kinds, Retention others) {
    public RetentionPolicy {
        kinds = Map.copyOf(kinds);
    }

    /** The same for all kinds. */
    public static RetentionPolicy of(Retention all) {
        return new RetentionPolicy(Map.of(), all);
    }

    /** The retention of {@code stream}. */
    public Retention of(StreamName stream) {
        return kinds.getOrDefault(stream.kind(), others);
    }
}
