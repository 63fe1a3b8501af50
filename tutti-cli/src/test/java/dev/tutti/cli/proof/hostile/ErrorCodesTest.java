package dev.tutti.cli.proof.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every error code is what a row of the tables must be answered with, or is shown by a test that is named here. */
class ErrorCodesTest {
    /** Those that take a server in distress rather than a hostile client, and the tests of them, from the root of the repository. */
    private static final Map<ErrorCode, String> ELSEWHERE = Map.of(
            ErrorCode.GOING_AWAY, "tutti-edge/src/test/java/dev/tutti/edge/EdgeTest.java",
            ErrorCode.SLOW_CONSUMER, "tutti-edge/src/test/java/dev/tutti/edge/ws/SlowReaderTest.java",
            ErrorCode.PING_TIMEOUT, "tutti-edge/src/test/java/dev/tutti/edge/ws/HostileWebSocketTest.java",
            ErrorCode.INSTANCE_FULL, "tutti-edge/src/test/java/dev/tutti/edge/EdgeTest.java",
            ErrorCode.UNAVAILABLE, "tutti-cli/src/test/java/dev/tutti/cli/proof/hook/HooksTest.java",
            ErrorCode.OVERLOADED, "tutti-edge/src/test/java/dev/tutti/edge/http/HttpTest.java",
            ErrorCode.INTERNAL, "tutti-edge/src/test/java/dev/tutti/edge/http/HttpTest.java",
            ErrorCode.QUOTA_EXCEEDED, "tutti-chat/src/test/java/dev/tutti/chat/quota/QuotasTest.java",
            ErrorCode.LEASE_LOST, "tutti-core/src/test/java/dev/tutti/core/lease/LeasesTest.java");

    /** RFC 6455 has a close code of its own for it. */
    private static final String PROTOCOL_ERROR = "close 1002";

    @Test
    void everyCodeIsAnAnswerToARowOrHasATestOfItsOwn() {
        Set<ErrorCode> shown = EnumSet.copyOf(ELSEWHERE.keySet());
        shown.addAll(answered());
        assertThat(shown)
                .as("codes that are an answer to a row, or are shown elsewhere")
                .containsExactlyInAnyOrder(ErrorCode.values());
    }

    @Test
    void aTestThatIsNamedIsThereAndSpeaksOfTheCode() throws IOException {
        Path root = Path.of("..");
        for (Map.Entry<ErrorCode, String> each : ELSEWHERE.entrySet()) {
            ErrorCode code = each.getKey();
            assertThat(Files.readString(root.resolve(each.getValue())))
                    .as("the test of " + code)
                    .containsAnyOf(code.text(), "ErrorCode." + code.name(), "close " + code.number());
        }
    }

    @Test
    void whatIsNamedElsewhereIsNoAnswerToARow() {
        assertThat(answered()).doesNotContainAnyElementsOf(ELSEWHERE.keySet());
    }

    private static Set<ErrorCode> answered() {
        Set<ErrorCode> answered = EnumSet.noneOf(ErrorCode.class);
        for (Hostile row : HostileTest.ROWS) {
            List<String> words = List.of(row.answer().split("[ ,]+", -1));
            Stream.of(ErrorCode.values())
                    .filter(code -> words.contains(code.text())
                            || row.answer().contains("close " + code.number())
                            || (code == ErrorCode.PROTOCOL_ERROR && row.answer().contains(PROTOCOL_ERROR)))
                    .forEach(answered::add);
        }
        return answered;
    }
}
