package dev.tutti.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecheckedTransferTest {
    private final AtomicInteger questions = new AtomicInteger();
    private long now;
    private ErrorCode refusal = ErrorCode.UNAVAILABLE;
    private final RecheckedTransfer stream =
            new RecheckedTransfer(new ByteArrayInputStream(new byte[100]), this::ask, () -> now);

    private void ask() {
        questions.incrementAndGet();
        throw new TuttiException(refusal, "refused");
    }

    private void later(Duration time) {
        now += time.toNanos();
    }

    @Test
    void isAskedForEveryFewSecondsWhileItIsRead() throws IOException {
        stream.read();
        later(Duration.ofSeconds(4));
        stream.read(new byte[9]);
        assertThat(questions).hasValue(0);

        later(Duration.ofSeconds(1));
        stream.read(new byte[9]);
        stream.read();

        assertThat(questions).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {
                "SESSION_REVOKED",
                "UNAUTHENTICATED",
                "FORBIDDEN",
                "NOT_FOUND",
                "CONFLICT",
                "LIMIT_REACHED",
                "RATE_LIMITED",
                "QUOTA_EXCEEDED"
            })
    void endsWithWhatAllowedIt(ErrorCode code) {
        refusal = code;
        later(Duration.ofSeconds(5));

        assertThatThrownBy(stream::read)
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"TOKEN_EXPIRED", "UNAVAILABLE", "OVERLOADED", "TIMEOUT"})
    void goesOnWithATokenThatHasRunOutAndWhileNobodyCanBeAsked(ErrorCode code) throws IOException {
        refusal = code;
        later(Duration.ofSeconds(5));

        assertThat(stream.read()).isZero();
        assertThat(questions).hasValue(1);
    }
}
