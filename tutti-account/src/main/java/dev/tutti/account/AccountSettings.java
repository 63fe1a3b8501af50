package dev.tutti.account;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How accounts are run.
 *
 * @param secret signs access tokens, the same on all instances; 32 characters or more
 * @param previousSecrets accepted as well, while {@code secret} is being replaced; at most 10
 * @param accessTtl how long an access token is valid; 1 s to 24 h
 * @param refreshTtl how long somebody who does nothing stays logged in; at least {@code accessTtl}
 * @param refreshGrace how long a refresh token is accepted after its successor was issued, for answers that got lost and
 *     tabs that refresh at once; at most 1 min
 * @param passwords how passwords are hashed
 * @param limits how often one may try
 * @param registration who may make an account
 * @param page where people find the server's page, for links in mails
 */
public record AccountSettings(
        String secret,
        List<String> previousSecrets,
        Duration accessTtl,
        Duration refreshTtl,
        Duration refreshGrace,
        PasswordSettings passwords,
        LimitSettings limits,
        RegistrationPolicy registration,
        URI page) {
    private static final int SECRET_LENGTH = 32;
    private static final int MOST_PREVIOUS = 10;

    public AccountSettings {
        previousSecrets = List.copyOf(previousSecrets);
        if (Stream.concat(Stream.of(secret), previousSecrets.stream()).anyMatch(s -> s.length() < SECRET_LENGTH)) {
            throw new IllegalArgumentException("secret is too short; allowed are 32 characters and more");
        }
        if (previousSecrets.size() > MOST_PREVIOUS) {
            throw new IllegalArgumentException(
                    "previousSecrets are " + previousSecrets.size() + "; allowed are 0 to " + MOST_PREVIOUS);
        }
        within("accessTtl", accessTtl, Duration.ofSeconds(1), Duration.ofHours(24));
        within("refreshTtl", refreshTtl, accessTtl, Duration.ofDays(400));
        within("refreshGrace", refreshGrace, Duration.ZERO, Duration.ofMinutes(1));
    }

    /** The settings that suit most, with a secret of one's own. */
    public static AccountSettings of(String secret) {
        return new AccountSettings(
                secret,
                List.of(),
                Duration.ofMinutes(15),
                Duration.ofDays(30),
                Duration.ofSeconds(10),
                PasswordSettings.DEFAULT,
                LimitSettings.DEFAULT,
                RegistrationPolicy.OPEN,
                URI.create("http://localhost:3000/"));
    }

    /** The same with other secrets that are accepted, or none. */
    public AccountSettings withPreviousSecrets(List<String> previous) {
        return new AccountSettings(
                secret, previous, accessTtl, refreshTtl, refreshGrace, passwords, limits, registration, page);
    }

    /** The same with other lifetimes. */
    public AccountSettings withTtl(Duration access, Duration refresh) {
        return new AccountSettings(
                secret, previousSecrets, access, refresh, refreshGrace, passwords, limits, registration, page);
    }

    /** The same with another way to hash. */
    public AccountSettings withPasswords(PasswordSettings hashing) {
        return new AccountSettings(
                secret, previousSecrets, accessTtl, refreshTtl, refreshGrace, hashing, limits, registration, page);
    }

    /** The same with other limits. */
    public AccountSettings withLimits(LimitSettings tries) {
        return new AccountSettings(
                secret, previousSecrets, accessTtl, refreshTtl, refreshGrace, passwords, tries, registration, page);
    }

    /** The same with others who may register. */
    public AccountSettings withRegistration(RegistrationPolicy who) {
        return new AccountSettings(
                secret, previousSecrets, accessTtl, refreshTtl, refreshGrace, passwords, limits, who, page);
    }

    /** The same with the page elsewhere. */
    public AccountSettings withPage(URI address) {
        return new AccountSettings(
                secret, previousSecrets, accessTtl, refreshTtl, refreshGrace, passwords, limits, registration, address);
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " to " + most);
        }
    }
}
