package dev.tutti.account;

import java.time.Duration;
import java.util.Optional;

/**
 * How accounts are run.
 *
 * @param secret signs access tokens, the same on all instances; 32 characters or more
 * @param previousSecret still accepted while it is being replaced
 * @param accessTtl how long an access token is valid; 1 s to 24 h
 * @param refreshTtl how long somebody who does nothing stays logged in; at least {@code accessTtl}
 * @param refreshGrace how long a refresh token is accepted after its successor was issued, for answers that got lost and
 *     tabs that refresh at once; at most 1 min
 * @param passwords how passwords are hashed
 * @param limits how often one may try
 */
public record AccountSettings(
        String secret,
        Optional<String> previousSecret,
        Duration accessTtl,
        Duration refreshTtl,
        Duration refreshGrace,
        PasswordSettings passwords,
        LimitSettings limits) {
    private static final int SECRET_LENGTH = 32;

    public AccountSettings {
        if (secret.length() < SECRET_LENGTH
                || previousSecret.filter(s -> s.length() < SECRET_LENGTH).isPresent()) {
            throw new IllegalArgumentException("secret is too short; allowed are 32 characters and more");
        }
        within("accessTtl", accessTtl, Duration.ofSeconds(1), Duration.ofHours(24));
        within("refreshTtl", refreshTtl, accessTtl, Duration.ofDays(400));
        within("refreshGrace", refreshGrace, Duration.ZERO, Duration.ofMinutes(1));
    }

    /** What suits most, with a secret of one's own. */
    public static AccountSettings of(String secret) {
        return new AccountSettings(
                secret,
                Optional.empty(),
                Duration.ofMinutes(15),
                Duration.ofDays(30),
                Duration.ofSeconds(10),
                PasswordSettings.DEFAULT,
                LimitSettings.DEFAULT);
    }

    /** The same with a second secret that is accepted, or none. */
    public AccountSettings withPreviousSecret(Optional<String> previous) {
        return new AccountSettings(secret, previous, accessTtl, refreshTtl, refreshGrace, passwords, limits);
    }

    /** The same with other lifetimes. */
    public AccountSettings withTtl(Duration access, Duration refresh) {
        return new AccountSettings(secret, previousSecret, access, refresh, refreshGrace, passwords, limits);
    }

    /** The same with another grace for refresh tokens. */
    public AccountSettings withRefreshGrace(Duration grace) {
        return new AccountSettings(secret, previousSecret, accessTtl, refreshTtl, grace, passwords, limits);
    }

    /** The same with another way to hash. */
    public AccountSettings withPasswords(PasswordSettings hashing) {
        return new AccountSettings(secret, previousSecret, accessTtl, refreshTtl, refreshGrace, hashing, limits);
    }

    /** The same with other limits. */
    public AccountSettings withLimits(LimitSettings tries) {
        return new AccountSettings(secret, previousSecret, accessTtl, refreshTtl, refreshGrace, passwords, tries);
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " to " + most);
        }
    }
}
