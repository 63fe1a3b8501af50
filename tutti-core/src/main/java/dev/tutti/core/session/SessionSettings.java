package dev.tutti.core.session;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of attributes of sessions, the same at all instances. Immutable.
 *
 * <p>The first secret of each list is used for new names and values. Names and values that were made with another one are still accepted,
 * and are replaced by those of the first secret when they are used. So a secret can be changed while the instances run.
 *
 * @param nameSecrets the secrets from which the names of sessions in the store are computed; one or more, each of 32 characters or more
 * @param sealSecrets the secrets with which values are encrypted; one or more, each of 32 characters or more
 * @param ttl the time for which unused attributes are kept, at least 1 s
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
