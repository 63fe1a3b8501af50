package dev.tutti.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawConnectionTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofSeconds(20);

    private ServerSocket server;
    private RawConnection client;
    private Socket accepted;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = new RawConnection(server.getLocalPort());
        accepted = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        accepted.close();
        server.close();
    }

    /** Sends {@code text}, one byte for each character. */
    private void serve(String text) throws IOException {
        accepted.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void anAnswerIsReadByItsLengthAndTheNextBehindIt() throws IOException {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\u00c3\u00bcHTTP/1.1 204 No Content\r\n\r\n");

        assertThat(client.answer()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\u00fc");
        assertThat(client.answer()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
    }

    @Test
    void anAnswerIsReadFromItsChunks() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
        serve(head + "2\r\na\u00c3\r\n2\r\n\u00bcb\r\n0\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");

        assertThat(client.answer()).isEqualTo(head + "a\u00fcb");
        assertThat(client.answer()).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void informationalAnswersArePassedOverButForTheSwitchToAnotherProtocol() throws IOException {
        String informational = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
        serve(informational + "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n");

        assertThat(client.answer()).startsWith("HTTP/1.1 204 ");
        assertThat(client.answer()).startsWith("HTTP/1.1 101 ");
    }

    @Test
    void anAnswerThatDoesNotComeWholeIsAFailure() throws IOException {
        serve("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab");
        accepted.shutdownOutput();

        assertThatThrownBy(client::answer).hasCauseInstanceOf(EOFException.class);
    }

    @Test
    void chunksThatEndWithoutTheLastOneAreAFailure() throws IOException {
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
        accepted.shutdownOutput();

        assertThatThrownBy(client::answer).hasCauseInstanceOf(EOFException.class);
    }

    @Test
    void ofAConnectionThatEndsThereIsNoAnswer() throws IOException {
        accepted.shutdownOutput();

        assertThat(client.answer()).isEmpty();
    }

    @Test
    void aFrameThatEndsWithinItsHeadIsTheEnd() throws IOException {
        serve("\u0081~\u0001");
        accepted.shutdownOutput();

        assertThat(client.message()).isEqualTo("end");
    }

    @Test
    void itTellsWhetherSomethingComesAndKeepsThat() throws IOException {
        assertThat(client.isSilentFor(SHORT)).isTrue();
        serve("\u00c3\u00bc");
        assertThat(client.isSilentFor(LONG)).isFalse();
        accepted.shutdownOutput();
        assertThat(client.whole()).isEqualTo("\u00fc");
        assertThat(client.isSilentFor(LONG)).as("at the end").isFalse();
    }

    @Test
    void aConnectionThatIsResetWasNotReadWhole() throws IOException {
        accepted.setSoLinger(true, 0); // so that its end is a reset
        accepted.close();

        assertThatThrownBy(client::whole).hasCauseInstanceOf(IOException.class);
    }
}
