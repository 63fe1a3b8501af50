package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutageLogTest {
    private final Logger logger = Logger.getLogger(OutageLog.class.getName());
    private final List<String> lines = new ArrayList<>();
    private final OutageLog outage = new OutageLog("The test waits", "The test goes on");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getMessage().startsWith("The test")) { // other tests have outages of their own
                lines.add(line.getLevel() + " " + line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(handler);
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
        assertThat(lines)
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
        assertThat(lines).isEmpty();
    }
}
