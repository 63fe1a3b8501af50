package dev.tutti.cluster;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * A short name of an instance's process. An id ends with the tag of the process that made it, so that everybody can tell which one
 * did, for as long as that process lives. 48 of the process's random bits, which no two members of one cluster share by chance.
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

    /** The tag of {@code process}. */
    public static NodeTag of(UUID process) {
        byte[] high = ByteBuffer.allocate(Long.BYTES)
                .putLong(process.getMostSignificantBits())
                .array();
        return new NodeTag(BASE64.encodeToString(Arrays.copyOf(high, TAG_BYTES)));
    }

    /**
     * The tag of the process that made {@code id}; empty if {@code id} does not have an id's length. Whether there is such an
     * instance is not known.
     */
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
