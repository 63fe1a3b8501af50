package dev.tutti.file;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The bytes of a transfer, for as long as it is allowed, which is asked every few seconds: it can take hours. A token that runs out
 * meanwhile was good when it was shown, and an answer that cannot be had now changes nothing. For one thread; blocks.
 */
final class RecheckedTransfer extends FilterInputStream {
    private static final long EVERY = Duration.ofSeconds(5).toNanos();

    private final Runnable question;
    private final LongSupplier ticker;
    private long asked;

    /** The bytes of {@code from}, until {@code question} throws that they are not allowed any more; it was asked just now. */
    RecheckedTransfer(InputStream from, Runnable question, LongSupplier ticker) {
        super(from);
        this.question = question;
        this.ticker = ticker;
        this.asked = ticker.getAsLong();
    }

    @Override
    public int read() throws IOException {
        ask();
        return super.read();
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        ask();
        return super.read(into, from, length);
    }

    private void ask() {
        long now = ticker.getAsLong();
        if (now - asked < EVERY) {
            return;
        }
        asked = now;
        try {
            question.run();
        } catch (TuttiException refused) {
            if (isAnswer(refused.code())) {
                throw refused;
            }
        }
    }

    /** A backend that refuses somebody for now has answered, too; one that cannot be asked has not. */
    private static boolean isAnswer(ErrorCode code) {
        return switch (code) {
            case TOKEN_EXPIRED -> false;
            case RATE_LIMITED, QUOTA_EXCEEDED -> true;
            default -> code.retry() == ErrorCode.Retry.NEVER;
        };
    }
}
