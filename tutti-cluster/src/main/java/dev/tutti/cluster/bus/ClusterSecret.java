package dev.tutti.cluster.bus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * The secret of a cluster, which only its instances know. With it they encrypt and authenticate their messages to each other. Immutable;
 * its text form does not show the secret.
 */
public final class ClusterSecret {
    /** The shortest secret, in characters. */
    public static final int LEAST_LENGTH = 32;

    private final List<byte[]> values;

    private ClusterSecret(List<byte[]> values) {
        this.values = values;
    }

    /**
     * A secret that seals messages with {@code current}, and also opens messages that were sealed with one of {@code previous}. So a
     * cluster can change its secret while it runs.
     *
     * @throws IllegalArgumentException if one of them has less than {@value #LEAST_LENGTH} characters
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

    /** The current secret, and then the previous ones. */
    List<byte[]> values() {
        return values;
    }

    @Override
    public String toString() {
        return "a secret";
    }
}
