package dev.tutti.core.session;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of attributes of sessions. The first of the secrets is used. Names and values that were made with one of the others
 * are accepted, and made anew with the first; so both can be replaced while instances run.
 *
 * @param nameSecrets what the names of sessions in the store are made with, each of 32 characters or more
 * @param sealSecrets what values are sealed with, each of 32 characters or more
 * @param ttl for how long attributes are kept that are not used, from a second on
 */
public record SessionSettings(List<String> nameSecrets, List<String> sealSecrets, Duration ttl) {
    private static final int LEAST_LENGTH = 32;

    public SessionSettings {
        nameSecrets = List.copyOf(nameSecrets);
        sealSecrets = List.copyOf(sealSecrets);
        if (nameSecrets.isEmpty()
                || sealSecrets.isEmpty()
                || Stream.concat(nameSecrets.stream(), sealSecrets.stream())
                        .anyMatch(secret -> secret.length() < LEAST_LENGTH)) {
            throw new IllegalArgumentException("a secret of sessions is missing or too short; allowed are "
                    + LEAST_LENGTH + " characters and more");
        }
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "attributes of sessions would be kept for " + ttl + "; allowed are 1 s and more");
        }
    }

    @Override
    public String toString() {
        return "sessions kept for " + ttl; // no secrets in a log
    }
}
