package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;

/** The direction in which a stream is read, and the place where reading begins. */
public sealed interface Range {
    /** The events after {@code seq}, oldest first; 0 reads from the start. */
    record After(long seq) implements Range {
        public After {
            require(seq);
        }
    }

    /** The events before {@code seq}, newest first; {@link Long#MAX_VALUE} reads from the end. */
    record Before(long seq) implements Range {
        public Before {
            require(seq);
        }
    }

    private static void require(long seq) {
        if (seq < 0) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "seq " + seq + " is negative; allowed are 0 and above");
        }
    }
}
