package dev.tutti.cli.proof.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every error code is what a row of the tables must be answered with, or is shown by a test that is named here; and every route that is
 * documented has rows.
 */
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

    private static final Path DOCUMENT = Path.of("..", "docs", "openapi.yaml");
    private static final Pattern PATH = Pattern.compile("  (/[^:]*):");
    private static final Pattern METHOD = Pattern.compile("    (get|head|options|post|put|patch|delete):");

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

    @Test
    void everyRouteOfTheDocumentHasRowsAndNoOther() throws IOException {
        List<String> documented = documented();
        assertThat(documented).hasSizeGreaterThan(100);
        List<String> attacked = Stream.concat(KeyRows.ROUTES.stream(), RouteRows.ROUTES.stream())
                .toList();
        assertThat(asDocumented(attacked, documented))
                .as("routes that are attacked, and those of " + DOCUMENT)
                .containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void aRouteIsTakenForThatOfTheDocumentWithTheFewestParameters() {
        assertThat(asDocumented(
                        List.of("GET /jobs/crons", "GET /jobs/7?more=1", "POST /jobs/7", "GET /jobs/7/cancel"),
                        List.of("GET /jobs/{id}", "GET /jobs/crons", "GET /jobs")))
                .containsExactly("GET /jobs/crons", "GET /jobs/{id}", "POST /jobs/7", "GET /jobs/7/cancel");
    }

    /** Each as the document has it, or as it is if it is not there. */
    private static List<String> asDocumented(List<String> routes, List<String> documented) {
        return routes.stream()
                .map(route -> route.replaceFirst("\\?.*", ""))
                .map(route -> documented.stream()
                        .filter(each -> route.matches(each.replaceAll("\\{[^}]+}", "[^/]+")))
                        .min(Comparator.comparingLong(
                                each -> each.chars().filter(c -> c == '{').count()))
                        .orElse(route))
                .toList();
    }

    private static List<String> documented() throws IOException {
        List<String> documented = new ArrayList<>();
        String path = "";
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher onPath = PATH.matcher(line);
            Matcher onMethod = METHOD.matcher(line);
            if (onPath.matches()) {
                path = onPath.group(1);
            } else if (onMethod.matches()) {
                documented.add(onMethod.group(1).toUpperCase(Locale.ROOT) + " " + path);
            }
        }
        return documented;
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
