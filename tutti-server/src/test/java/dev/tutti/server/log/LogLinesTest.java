package dev.tutti.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.InstanceId;
import dev.tutti.core.JsonCodec;
import dev.tutti.server.config.LogSettings.LogFormat;
import dev.tutti.server.config.LogSettings.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@Isolated // it takes the terminal away from all others
class LogLinesTest {
    private record Line(String time, String level, String instance, String formattedMessage) {}

    private static final InstanceId INSTANCE = new InstanceId("here-1");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream terminal = System.out;

    @AfterEach
    void writeToTheTerminalAgain() {
        System.setOut(terminal);
        LogLines.set(LogFormat.TEXT, LogLevel.WARN, INSTANCE);
    }

    @Test
    void aLineHasTimeLevelInstanceAndMessage() {
        assertThat(lines(LogFormat.TEXT, LogLevel.INFO, () -> {
                    log("shown");
                    LoggerFactory.getLogger("test").debug("not shown");
                }))
                .matches("\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[^]]+] \\[INFO] \\[here-1] shown\\R");
    }

    @Test
    void aClientCannotWriteLinesOfItsOwn() {
        assertThat(lines(LogFormat.TEXT, LogLevel.INFO, () -> log("name\n[today] [ERROR] [other] forged")))
                .hasLineCount(1);
        assertThat(lines(LogFormat.JSON, LogLevel.INFO, () -> log("name\n{\"level\":\"ERROR\"}")))
                .hasLineCount(1);
    }

    @Test
    void aFailureIsFollowedByItsTrace() {
        assertThat(lines(
                        LogFormat.TEXT,
                        LogLevel.INFO,
                        () -> LoggerFactory.getLogger("test").error("failed", new IllegalStateException("why"))))
                .contains("[ERROR] [here-1] failed", "IllegalStateException: why", "at dev.tutti");
    }

    @Test
    void asJsonALineIsAnObject() {
        String line = lines(LogFormat.JSON, LogLevel.INFO, () -> log("a \"quoted\" \u0001 message"));

        Line read = new JsonCodec().read(line, Line.class);

        assertThat(read).isEqualTo(new Line(read.time(), "INFO", "here-1", "a \"quoted\" \u0001 message"));
        assertThat(Instant.parse(read.time())).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void thePoolsWarningsAreForThoseWhoLookForADefect() {
        Runnable warning =
                () -> LoggerFactory.getLogger("com.zaxxer.hikari.pool").warn("a connection is broken");

        assertThat(lines(LogFormat.TEXT, LogLevel.INFO, warning)).isEmpty();
        assertThat(lines(LogFormat.TEXT, LogLevel.WARN, warning)).isEmpty();
        assertThat(lines(LogFormat.TEXT, LogLevel.DEBUG, warning)).contains("a connection is broken");
    }

    @ParameterizedTest
    @CsvSource({
        "1500,1.5 s",
        "0,0 s",
        "250,250.0 ms",
        "15000,15 s",
        "60000,1 min",
        "90000,1 min 30 s",
        "7200000,2 h",
        "3661050,1 h 1 min 1.05 s"
    })
    void spansOfTimeAreWrittenAsPeopleWriteThem(long millis, String words) {
        Duration time = Duration.ofMillis(millis);
        Runnable logging = () -> LoggerFactory.getLogger("test").info("within {}, said {}", time, "PTx");

        assertThat(lines(LogFormat.TEXT, LogLevel.INFO, logging)).contains("within " + words + ", said PTx");
        assertThat(lines(LogFormat.JSON, LogLevel.INFO, logging)).contains("within " + words + ", said PTx");
    }

    @Test
    void aProcessThatMayOpenNoMoreFilesSaysSoInOneLine() {
        assertThat(lines(LogFormat.TEXT, LogLevel.INFO, () -> {
                    for (int i = 0; i < 1_000; i++) {
                        LoggerFactory.getLogger("test")
                                .error("Failed; next attempt in {}", "1 s", new IOException("f: Too many open files"));
                        LoggerFactory.getLogger("io.netty.channel.DefaultChannelPipeline")
                                .warn(
                                        "An exceptionCaught() event was fired",
                                        new IOException("accept(..) failed: Too many open files"));
                    }
                }))
                .hasLineCount(1)
                .contains("ulimit -n", "MAX_CONNECTIONS")
                .doesNotContain("\tat ");
    }

    @Test
    void theLevelIsAnotherFromNowOn() {
        Runnable warning =
                () -> LoggerFactory.getLogger("com.zaxxer.hikari.pool").warn("a connection is broken");

        String written = lines(LogFormat.TEXT, LogLevel.INFO, () -> {
            LogLines.setLevel(LogLevel.WARN);
            log("one");
            LogLines.setLevel(LogLevel.DEBUG);
            log("two");
            warning.run();
            LogLines.setLevel(LogLevel.INFO);
            warning.run();
            log("three");
        });

        assertThat(written)
                .doesNotContain("] one")
                .contains("] two", "] three")
                .containsOnlyOnce("a connection is broken");
    }

    private static void log(String message) {
        LoggerFactory.getLogger("test").info("{}", message);
    }

    private String lines(LogFormat format, LogLevel level, Runnable logging) {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        written.reset();
        LogLines.set(format, level, INSTANCE);
        logging.run();
        LogLines.stop();
        return written.toString(StandardCharsets.UTF_8);
    }
}
