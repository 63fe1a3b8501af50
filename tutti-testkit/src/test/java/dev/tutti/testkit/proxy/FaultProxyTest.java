package dev.tutti.testkit.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int A_WHILE_MILLIS = 300;

    private final Echo echo;
    private final FaultProxy proxy;
    private final Socket socket;

    FaultProxyTest() throws IOException {
        echo = new Echo();
        proxy = FaultProxy.to(echo.port(), 0);
        socket = connect();
    }

    private Socket connect() throws IOException {
        Socket fresh = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        fresh.setSoTimeout(PATIENCE_MILLIS);
        return fresh;
    }

    @BeforeEach
    void goThroughOnce() throws IOException {
        assertEchoed(socket, "hello");
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        proxy.close();
        echo.close();
    }

    @Test
    void delayedBytesComeWholeAndLate() throws IOException {
        proxy.become(new LinkFault.Delayed(Duration.ofMillis(200)));
        long begin = System.nanoTime();
        assertEchoed(socket, "late");
        // there and back
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
    }

    @Test
    void aThrottledLineTakesItsTime() throws IOException {
        proxy.become(new LinkFault.Throttled(2_000));
        long begin = System.nanoTime();
        assertEchoed(socket, "x".repeat(500));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void splitBytesComeOneByOneAndInOrder() {
        proxy.become(new LinkFault.Split());
        await().untilAsserted(
                        () -> { // bytes that come faster than they are read are joined again
                            echo.pieces.clear();
                            assertEchoed(socket, "one byte after the other");
                            assertThat(echo.pieces)
                                    .as("pieces that reached the server")
                                    .hasSizeGreaterThan(1);
                        });
    }

    @Test
    void whatIsStalledOneWayWaitsAndTheOtherWayIsOpen() throws Exception {
        proxy.become(new LinkFault.Stalled(Direction.BACK));
        echo.pieces.clear();
        say(socket, "you hear me");
        assertThat(echo.pieces.take()).asString(US_ASCII).isEqualTo("you hear me");
        assertSilent(socket);

        proxy.become(LinkFault.CLEAR);
        assertHeard(socket, "you hear me");
    }

    @Test
    void nothingComesToTheServerThatIsStalledOnItsWayOut() throws Exception {
        proxy.become(new LinkFault.Stalled(Direction.OUT));
        echo.pieces.clear();
        say(socket, "wait");
        assertSilent(socket);
        assertThat(echo.pieces).isEmpty();

        proxy.become(LinkFault.CLEAR);
        assertHeard(socket, "wait");
    }

    @Test
    void newConnectionsHaveTheSameFault() throws IOException {
        proxy.become(new LinkFault.Stalled(Direction.BOTH));
        try (Socket late = connect()) {
            say(late, "anybody there?");
            assertSilent(late);
            proxy.become(LinkFault.CLEAR);
            assertHeard(late, "anybody there?");
        }
    }

    @Test
    void aHalfOpenConnectionSwallowsEverythingAndIsResetWhenTheFaultIsOver() throws IOException {
        proxy.become(new LinkFault.HalfOpen());
        echo.pieces.clear();
        say(socket, "x".repeat(1_000_000)); // more than the system would buffer for somebody who does not read
        assertSilent(socket);
        assertThat(echo.pieces).isEmpty();

        proxy.become(LinkFault.CLEAR);
        assertReset(socket);
        try (Socket fresh = connect()) {
            assertEchoed(fresh, "again");
        }
    }

    @Test
    void aVanishedConnectionHearsNothingAndNewOnesAreWell() throws IOException {
        proxy.become(new LinkFault.Vanished());
        echo.pieces.clear();
        say(socket, "anybody there?");
        assertSilent(socket);
        assertThat(echo.pieces).isEmpty();
        try (Socket fresh = connect()) {
            assertEchoed(fresh, "well");

            proxy.become(LinkFault.CLEAR);
            assertReset(socket);
            assertEchoed(fresh, "as before");
        }
    }

    @Test
    void thatOneSideOfAVanishedConnectionHasClosedIsNotHeard() throws IOException {
        proxy.become(new LinkFault.Vanished());
        socket.shutdownOutput(); // which the server would answer by closing
        assertSilent(socket);
        assertThat(proxy.connections()).isEqualTo(1);

        assertThat(proxy.cut()).isEqualTo(1);
        assertReset(socket);
    }

    @Test
    void aCutResetsWhatIsOpenAndNothingElse() throws IOException {
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(proxy.cut()).isEqualTo(1);
        assertReset(socket);
        try (Socket fresh = connect()) {
            assertEchoed(fresh, "again");
        }
    }

    @Test
    void aStalledConnectionCanBeCut() throws IOException {
        proxy.become(new LinkFault.Stalled(Direction.BOTH));
        say(socket, "stuck");
        proxy.cut();
        assertReset(socket);
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void whoConnectsToNobodyIsReset() throws IOException {
        try (FaultProxy toNobody = FaultProxy.to(Ports.free(), 0);
                Socket late = new Socket(InetAddress.getLoopbackAddress(), toNobody.port())) {
            assertReset(late);
        }
    }

    @Test
    void aConnectionThatOneSideClosedIsClosedForTheOther() throws IOException {
        socket.shutdownOutput();
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        await().until(() -> proxy.connections() == 0);
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private static void assertHeard(Socket socket, String text) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        assertThat(socket.getInputStream().readNBytes(text.length()))
                .asString(US_ASCII)
                .isEqualTo(text);
    }

    private static void assertEchoed(Socket socket, String text) throws IOException {
        say(socket, text);
        assertHeard(socket, text);
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(A_WHILE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
    }

    private static void assertReset(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }
}
