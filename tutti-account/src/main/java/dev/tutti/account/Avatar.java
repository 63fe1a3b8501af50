package dev.tutti.account;

import dev.tutti.core.limit.FairPermits.Caller;

/**
 * A small square picture of somebody.
 *
 * @param type {@code image/png} or {@code image/jpeg}
 * @param bytes the file, of at most a mebibyte; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Avatar(String type, byte[] bytes) {
    /** Draws what somebody has sent as an avatar anew, so that nothing else of it is in the result. Safe for use by many threads. */
    @FunctionalInterface
    public interface Renderer {
        /**
         * The middle of a picture, as a square of at most {@code size} pixels, in the turn of {@code caller}; may block.
         *
         * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNSUPPORTED} if it is no picture that can be read, with
         *     {@link dev.tutti.ErrorCode#TOO_LARGE} if it has too many pixels, with {@link dev.tutti.ErrorCode#OVERLOADED} if many
         *     are rendered
         */
        Avatar render(Caller caller, byte[] sent, int size);
    }
}
