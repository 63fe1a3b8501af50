package dev.tutti.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.JsonCodec;
import dev.tutti.testkit.http.LoopbackServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Lines of {@code tutti publish --batch} and a server that refuses. */
class EventLinesTest {
    private static final String ERROR = "{\"error\":{\"code\":\"a_code\",\"message\":\"a reason\"}}";
    private static final int MOST_STREAMS = 16;

    private record Answer(int exitCode, String out, String err) {}

    @TempDir
    private Path directory;

    private final AtomicInteger requests = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({
        "401, 'were not published, nor any behind them'",
        "404, 'were not published, nor any behind them'",
        "429, 'were not published, nor any behind them'",
        "503, may have been published or not"
    })
    void aRefusalThatIsNotAboutTheEventsIsAskedForOnceAndNamesNoLineAsWrong(int status, String outcome)
            throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            server.on("/api/streams", exchange -> {
                byte[] _ = exchange.getRequestBody().readAllBytes();
                requests.incrementAndGet();
                LoopbackServer.answer(exchange, status, ERROR);
            });

            Answer answer = published(server, 1_500);

            assertThat(answer.exitCode).isEqualTo(1);
            assertThat(answer.out).isEqualTo("{\"published\":0,\"repeated\":0}\n");
            assertThat(answer.err)
                    .contains("lines 1 to 1000 " + outcome, ": a_code: a reason")
                    .doesNotContain("was refused");
            assertThat(requests).hasValue(1);
        }
    }

    /** A balancer's, as no Tutti writes it. */
    @Test
    void anAnswerWithoutJsonIsARefusal() throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            server.on("/api/streams", exchange -> {
                byte[] _ = exchange.getRequestBody().readAllBytes();
                LoopbackServer.answer(exchange, 502, "<html>Bad Gateway</html>");
            });

            assertThat(published(server, 1).err).contains("may have been published or not", "HTTP status 502");
        }
    }

    @Test
    void eventsForMoreStreamsThanARequestMayNameArePublishedInSeveral() throws IOException {
        try (LoopbackServer server = new LoopbackServer()) {
            server.on("/api/streams", exchange -> {
                int events = new JsonCodec()
                        .mapper()
                        .readTree(exchange.getRequestBody().readAllBytes())
                        .size();
                if (events > MOST_STREAMS) {
                    LoopbackServer.answer(exchange, 409, ERROR);
                } else {
                    String results = String.join(",", Collections.nCopies(events, "{\"seq\":1}"));
                    LoopbackServer.answer(exchange, 200, "{\"results\":[" + results + "]}");
                }
            });

            assertThat(published(server, 100)).isEqualTo(new Answer(0, "{\"published\":100,\"repeated\":0}\n", ""));
        }
    }

    /** How it ends with so many lines, each for a stream of its own. */
    private Answer published(LoopbackServer server, int lines) {
        String input = IntStream.range(0, lines)
                .mapToObj(i -> "{\"stream\":\"room:" + i + "\",\"type\":\"said\",\"data\":1}\n")
                .collect(Collectors.joining());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine tutti = TuttiCommand.at(new Terminal(
                Map.of("TUTTI_KEY", "tutti_key"), directory, new ByteArrayInputStream(input.getBytes(UTF_8))));
        tutti.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = tutti.execute("publish", "--batch", "--server", server.url());
        return new Answer(exitCode, out.toString(), err.toString());
    }
}
