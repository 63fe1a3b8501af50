package dev.tutti.cluster;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * An instance's process in short: what an id ends with, so that everybody can tell who made it, for as long as the process
 * lives. 48 of the process's random bits, which no two members of one cluster share by chance.
 *
 * @param value 8 characters of {@code A-Z a-z 0-9 _ -}
 */
public record NodeTag(String value) {
    /** How long the ids are that this makes, in characters of {@code A-Z a-z 0-9 _ -}. */
    public static final int ID_LENGTH = 28;

    private static final int TAG_BYTES = 6;
    private static final int RANDOM_BYTES = 15;
    private static final int RANDOM_LENGTH = 20;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** That of {@code process}. */
    public static NodeTag of(UUID process) {
        byte[] high = ByteBuffer.allocate(Long.BYTES)
                .putLong(process.getMostSignificantBits())
                .array();
        return new NodeTag(BASE64.encodeToString(Arrays.copyOf(high, TAG_BYTES)));
    }

    /** Who made {@code id}; empty if it does not have an id's length. Whether there is such an instance is not known. */
    public static Optional<NodeTag> in(String id) {
        return id.length() == ID_LENGTH ? Optional.of(new NodeTag(id.substring(RANDOM_LENGTH))) : Optional.empty();
    }

    /** A new id that cannot be guessed. */
    public String newId() {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        return BASE64.encodeToString(random) + value;
    }
}
