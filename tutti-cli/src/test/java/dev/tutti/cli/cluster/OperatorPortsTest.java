package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.TuttiException;
import dev.tutti.testkit.client.Api;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorPortsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Address LISTEN = Address.loopback(3_000);

    @Test
    @Tag("long")
    void eachWorkerHasHealthAndMetricsOnAPortOfItsOwnAndTheBalancerAsksThere(@TempDir Path directory) throws Exception {
        int first = twoInARow();
        Map<String, String> environment = Map.of("TUTTI_OPERATOR_PORT", Integer.toString(first));
        try (ClusterProcess cluster = ClusterProcess.start(directory, environment, "2", "--balancer", "haproxy");
                Api api = new Api()) {
            await().atMost(PATIENCE).until(() -> cluster.process.output().contains("2 workers behind haproxy"));
            for (int worker = 0; worker < 2; worker++) {
                URI metrics = URI.create("http://127.0.0.1:" + (first + worker) + "/metrics");
                assertThat(api.fetch(metrics).body())
                        .contains("tutti_instance_info{id=\"worker-" + (worker + 1) + "\"}");
            }
            assertThat(api.fetch(cluster.address.resolve("/metrics")).statusCode())
                    .isEqualTo(404);
            SteadyRequests gets = SteadyRequests.gets(cluster.address, "/api/instance");

            ClusterProcess.Outcome restarted = cluster.tell("restart");

            assertThat(restarted.out().lines()).hasSize(2).allMatch(line -> line.endsWith(" restarted"));
            assertThat(gets.stop()).as("of %d", gets.sent()).isEmpty();
        }
    }

    @Test
    @Tag("slow")
    void workersThatAnswerNoClientsListenThereAlone(@TempDir Path directory) throws Exception {
        int first = twoInARow();
        Map<String, String> environment = Map.of("APP_MODE", "workers", "TUTTI_OPERATOR_PORT", Integer.toString(first));
        try (ClusterProcess cluster = ClusterProcess.start(directory, environment, "2");
                Api api = new Api()) {
            String told = "2 workers without a balancer: health and metrics at 127.0.0.1:" + first + ", 127.0.0.1:"
                    + (first + 1) + ";";
            await().atMost(PATIENCE).until(() -> cluster.process.output().contains(told));
            for (int worker = 0; worker < 2; worker++) {
                URI own = URI.create("http://127.0.0.1:" + (first + worker));
                assertThat(api.fetch(own.resolve("/health/ready")).statusCode()).isEqualTo(200);
                assertThat(api.fetch(own.resolve("/api/instance")).statusCode()).isEqualTo(404);
            }
            assertThatThrownBy(() -> api.fetch(cluster.address)).isInstanceOf(ConnectException.class);

            assertThat(cluster.tell("status").out())
                    .contains("none, as no clients are answered")
                    .contains("ready on 127.0.0.1:" + first + " ")
                    .contains("ready on 127.0.0.1:" + (first + 1) + " ");

            ClusterProcess.Outcome restarted = cluster.tell("restart");

            assertThat(restarted.out().lines()).hasSize(2).allMatch(line -> line.endsWith(" restarted"));
        }
    }

    @Test
    void withoutAPortOfTheirOwnThereIsNone() throws IOException {
        assertThat(OperatorPorts.of(Optional.empty(), 3, LISTEN).number(3)).isEmpty();
    }

    @Test
    void zeroMeansAnyThatAreFree() throws IOException {
        assertThat(OperatorPorts.of(Optional.of(0), 3, LISTEN).all())
                .hasSize(3)
                .doesNotHaveDuplicates()
                .allMatch(port -> port > 0);
    }

    @ParameterizedTest
    @CsvSource({"2998, 2998 to 3000", "3000, 3000 to 3002", "65534, 65534 to 65536"})
    void portsThatCannotBeAreRefused(int first, String range) {
        assertThatThrownBy(() -> OperatorPorts.of(Optional.of(first), 3, LISTEN))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("TUTTI_OPERATOR_PORT " + first)
                .hasMessageContaining(range)
                .hasMessageContaining("PORT 3000");
    }

    @Test
    void aTakenOneIsTold() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> OperatorPorts.of(Optional.of(port), 1, LISTEN))
                    .isInstanceOf(TuttiException.class)
                    .hasMessageContaining("set TUTTI_OPERATOR_PORT to a free one");
        }
    }

    private static int twoInARow() throws IOException {
        while (true) {
            int first = FreePorts.free(1).pop();
            try (ServerSocket next = new ServerSocket(first + 1, 1, InetAddress.getLoopbackAddress())) {
                return next.getLocalPort() - 1;
            } catch (IOException _) {
                // another pair, then
            }
        }
    }
}
