package dev.tutti.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    @TempDir
    Path directory;

    @Test
    void aKilledServerComesBackOnTheSamePort() throws Exception {
        try (ServerProcess server = ServerProcess.start(launch())) {
            assertThat(server.ready()).isTrue();
            long first = server.pid();
            server.kill();
            assertThat(server.alive()).isFalse();
            assertThat(server.ready()).isFalse();
            server.freeze(); // as one may that ends at this moment
            server.thaw();
            server.start();
            assertThat(server.ready()).isTrue();
            assertThat(server.pid()).isNotEqualTo(first);
        }
    }

    @Test
    void aClosedServerIsGone() throws Exception {
        ServerProcess server = ServerProcess.start(launch());
        server.close();
        assertThat(server.alive()).isFalse();
    }

    @Test
    void aServerThatEndsAtOnceIsAnErrorThatSaysWhatItWrote() {
        assertThatThrownBy(() -> ServerProcess.start(launch().with("BROKEN", "yes")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 3")
                .hasMessageContaining("broken, as asked");
    }

    @Test
    void anUnknownVariableOfThisProcessDoesNotReachTheServer() throws Exception {
        try (ServerProcess server = ServerProcess.start(launch().with("SECRET", "given"))) {
            assertThat(server.output()).contains("and secret given");
            assertThat(server.tail()).endsWith("and secret given");
        }
    }

    @Test
    void theUsageOfAServerIsRead() throws Exception {
        try (ServerProcess server = ServerProcess.start(launch())) {
            Usage usage = server.usage();
            assertThat(usage.threads()).isPositive();
            assertThat(usage.files()).isPositive();
            assertThat(usage.heapBytes()).isPositive();
            assertThat(server.processorTime()).isPositive();
        }
    }

    @Test
    void aFrozenServerSaysNothingUntilItIsThawed() throws Exception {
        try (ServerProcess server = ServerProcess.start(launch())) {
            server.freeze();
            assertThat(server.ready()).isFalse();
            assertThat(server.alive()).isTrue();
            assertThat(server.residentBytes()).isPositive();
            server.thaw();
            assertThat(server.ready()).isTrue();
        }
    }

    @Test
    void sigtermStopsAServer() throws Exception {
        try (ServerProcess server = ServerProcess.start(launch())) {
            assertThat(server.stop(Duration.ofSeconds(30))).isEqualTo(128 + 15);
        }
    }

    @Test
    void aStalePidFileDoesNotMakeAnybodyElseTheDatabase() throws Exception {
        Files.writeString(
                directory.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");
        try (ServerProcess server = ServerProcess.start(launch())) {
            assertThat(server.killDatabase()).isFalse();
        }
    }

    private Launch launch() throws IOException {
        return Launch.tutti(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallServer.class.getName()),
                directory,
                Ports.free());
    }
}
