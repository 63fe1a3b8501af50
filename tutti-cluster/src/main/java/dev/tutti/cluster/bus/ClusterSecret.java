package dev.tutti.cluster.bus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The secret that the instances of a cluster know and nobody else does. With it they seal their messages to each other. Immutable. */
public final class ClusterSecret {
    /** The shortest, in characters. */
    public static final int LEAST_LENGTH = 32;

    private final List<byte[]> values;

    private ClusterSecret(List<byte[]> values) {
        this.values = values;
    }

    /**
     * One that seals with {@code current}, and opens what was sealed with one of {@code previous}, too, which lets a cluster change
     * its secret while it runs.
     *
     * @throws IllegalArgumentException if one has less than {@value #LEAST_LENGTH} characters
     */
    public static ClusterSecret of(String current, List<String> previous) {
        List<String> all = Stream.concat(Stream.of(current), previous.stream()).toList();
        if (all.stream().anyMatch(secret -> secret.length() < LEAST_LENGTH)) {
            throw new IllegalArgumentException(
                    "the cluster's secret is too short; allowed are " + LEAST_LENGTH + " characters and more");
        }
        return new ClusterSecret(all.stream()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /** The current one, and then those before. */
    List<byte[]> values() {
        return values;
    }

    @Override
    public String toString() {
        return "a secret";
    }
}
