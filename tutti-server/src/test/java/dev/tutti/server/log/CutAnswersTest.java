package dev.tutti.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.http.Reply;
import dev.tutti.http.Routes;
import dev.tutti.http.StreamedContent;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.testkit.client.Api;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lines in the log about answers whose bodies break off. */
class CutAnswersTest {
    private final LoggedLines log = new LoggedLines("dev.tutti.edge.http.ContentSender");
    private final CountDownLatch sent = new CountDownLatch(1);
    private final Tutti tutti = Tutti.on(MemoryBackend.open()).start();

    /** A body that cannot be read, and is closed when all that is told of that has been told. */
    private final class Broken extends InputStream {
        private final Exception failure;

        private Broken(Exception failure) {
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            switch (failure) {
                case IOException lost -> throw lost;
                case RuntimeException refused -> throw refused;
                default -> throw new AssertionError(failure);
            }
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return read();
        }

        @Override
        public void close() {
            sent.countDown();
        }
    }

    @AfterEach
    void stop() {
        log.close();
        tutti.close();
    }

    private void routes(Routes routes, Exception failure) {
        StreamedContent content = new StreamedContent("text/plain", 10, () -> new Broken(failure));
        routes.on("GET", "/text", _ -> new Reply(200, List.of(), content));
    }

    /** The levels of lines from {@link Level#INFO} on about an answer that breaks off with {@code failure}. */
    private List<Level> logged(Exception failure) throws Exception {
        try (Edge edge = Edge.of(tutti)
                        .port(0)
                        .routes(routes -> routes(routes, failure))
                        .start();
                Api client = new Api()) {
            assertThatThrownBy(() -> client.fetch(URI.create("http://127.0.0.1:" + edge.port() + "/text")))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpTimeoutException.class);
            assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
        }
        return log.all().stream()
                .filter(line -> line.getThrowableProxy() != null
                        && String.valueOf(failure.getMessage())
                                .equals(line.getThrowableProxy().getMessage()))
                .map(ILoggingEvent::getLevel)
                .filter(level -> level.isGreaterOrEqual(Level.INFO))
                .toList();
    }

    /** Somebody could write as many lines as they have downloads of a file that they delete. */
    @Test
    void whoeverMayNotHaveTheRestWritesNothing() throws Exception {
        assertThat(logged(new TuttiException(ErrorCode.NOT_FOUND, "no such file")))
                .isEmpty();
    }

    @Test
    void aStoreThatFailsIsAnOperatorsBusiness() throws Exception {
        assertThat(logged(new IOException("an object of a file is shorter than it was")))
                .containsExactly(Level.ERROR);
    }

    @Test
    void aStoreThatIsAwayIsToo() throws Exception {
        assertThat(logged(new TuttiException(ErrorCode.UNAVAILABLE, "the store of files cannot be reached")))
                .containsExactly(Level.ERROR);
    }
}
