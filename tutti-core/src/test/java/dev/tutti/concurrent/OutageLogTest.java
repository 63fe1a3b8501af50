package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.testkit.fixture.OutageLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutageLogTest {
    private final OutageLines lines = new OutageLines();
    private final OutageLog outage = new OutageLog("The test waits", "The test goes on");

    @AfterEach
    void stop() {
        lines.close();
    }

    private static Runnable failing(ErrorCode code) {
        return () -> {
            throw new TuttiException(
                    code, "the database cannot be reached", new IllegalStateException("FATAL: too many\nat line 1"));
        };
    }

    @Test
    void eachOutageIsOneLineAndItsEndAnother() {
        for (int i = 0; i < 2; i++) {
            assertThat(outage.passes(() -> {})).isTrue();
            assertThat(outage.passes(failing(ErrorCode.UNAVAILABLE))).isFalse();
            assertThat(outage.passes(failing(ErrorCode.TIMEOUT))).isFalse();
            assertThat(outage.isAway()).isTrue();
            assertThat(outage.passes(() -> {})).isTrue();
            assertThat(outage.isAway()).isFalse();
        }
        assertThat(lines.of(Thread.currentThread()))
                .containsExactly(
                        "WARNING The test waits: FATAL: too many",
                        "INFO The test goes on",
                        "WARNING The test waits: FATAL: too many",
                        "INFO The test goes on");
    }

    @Test
    void aDefectIsNoOutage() {
        assertThatThrownBy(() -> outage.passes(failing(ErrorCode.INTERNAL))).isInstanceOf(TuttiException.class);
        assertThat(outage.isAway()).isFalse();
        assertThat(lines.of(Thread.currentThread())).isEmpty();
    }
}
