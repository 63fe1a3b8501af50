package dev.tutti.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as its owner and administrators see it.
 *
 * @param id never changes
 * @param name what they log in with
 * @param displayName what is shown
 * @param about what they say of themselves, at most 500 characters
 * @param avatar which picture of them there is now; null if there is none
 * @param email an address that they have shown to be theirs; null if there is none
 * @param admin whether they administer the server
 * @param disabled whether they cannot log in
 * @param createdAt when the account was made
 */
public record Profile(
        String id,
        String name,
        String displayName,
        String about,
        @Nullable String avatar,
        @Nullable String email,
        boolean admin,
        boolean disabled,
        Instant createdAt) {}
