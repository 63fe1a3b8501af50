package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that has little memory, and what large messages do to it. */
@Tag("slow")
class SmallHeapTest {
    private static final int CLIENTS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aBurstOfLargeBodiesIsAnsweredOrRefusedAndSurvived(@TempDir Path directory)
            throws IOException, InterruptedException {
        List<String> program = new ArrayList<>(ServerLaunch.command());
        program.replaceAll(option -> option.startsWith("-Xmx") ? "-Xmx64m" : option);
        Launch launch = Launch.tutti(program, directory, Ports.free()).sharing(Path.of("target", "postgres"));
        AtomicInteger answered = new AtomicInteger();
        try (ServerProcess server = ServerProcess.start(launch);
                Api api = new Api()) {
            Account account = api.register(launch.address(), "heavy");
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CLIENTS; i++) {
                    var _ = clients.submit(() -> {
                        answered.addAndGet(burst(launch.address().getPort(), account));
                        return null;
                    });
                }
            }
            assertThat(answered.get()).isPositive();
            assertThat(server.alive()).isTrue();
            await().atMost(PATIENCE).until(server::ready);
            assertThat(server.output()).doesNotContain("OutOfMemory");
        }
    }

    @Test
    void bodiesThatAreRefusedCostNothing(@TempDir Path directory) throws IOException, InterruptedException {
        List<String> program = new ArrayList<>(ServerLaunch.command());
        program.replaceAll(option -> option.startsWith("-Xmx") ? "-Xmx64m" : option);
        Launch launch = Launch.tutti(program, directory, Ports.free()).sharing(Path.of("target", "postgres"));
        try (ServerProcess server = ServerProcess.start(launch);
                Api api = new Api()) {
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 4; i++) {
                    var _ = clients.submit(
                            () -> bodiesThatAreNearlyThere(launch.address().getPort()));
                }
            }
            Account account = api.register(launch.address(), "heavy");
            Map<String, Object> event = Map.of("type", "said", "data", "x".repeat(20_000));
            assertThat(api.send(launch.address(), "POST", "/api/streams/room:large", account, event)
                            .status())
                    .isEqualTo(201);
            assertThat(server.output()).doesNotContain("OutOfMemory");
        }
    }

    @Test
    void bodiesThatAreLargeOnlyWhenTheyAreUnpackedAreSurvived(@TempDir Path directory)
            throws IOException, InterruptedException {
        List<String> program = new ArrayList<>(ServerLaunch.command());
        program.replaceAll(option -> option.startsWith("-Xmx") ? "-Xmx64m" : option);
        Launch launch = Launch.tutti(program, directory, Ports.free()).sharing(Path.of("target", "postgres"));
        try (ServerProcess server = ServerProcess.start(launch);
                Api api = new Api()) {
            packedBodies(launch.address().getPort());
            Account account = api.register(launch.address(), "light");
            Map<String, Object> event = Map.of("type", "said", "data", "x".repeat(20_000));
            assertThat(api.send(launch.address(), "POST", "/api/streams/room:large", account, event)
                            .status())
                    .isEqualTo(201);
            assertThat(server.output()).doesNotContain("OutOfMemory");
        }
    }

    /** Sends many bodies of a kilobyte at once, each of which is nearly a megabyte when it is unpacked; waits for the answers. */
    private static void packedBodies(int port) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(("{\"username\":\"" + "x".repeat(1_000_000) + "\"}").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] body = bytes.toByteArray();
        String head =
                "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Content-Encoding: gzip\r\nContent-Length: " + body.length + "\r\n\r\n";
        List<RawConnection> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            clients.add(new RawConnection(port, "127.0.0.9").send(head).trySend(body));
        }
        clients.forEach(client -> {
            client.rest();
            client.close();
        });
    }

    /** Sends bodies but for their last byte, one after the other; has a few of them open at a time. */
    private static void bodiesThatAreNearlyThere(int port) {
        byte[] most = new byte[999_999];
        Deque<RawConnection> open = new ArrayDeque<>();
        for (int i = 0; i < 300; i++) {
            RawConnection client = new RawConnection(port, "127.0.0.9");
            client.send("POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
            client.trySend(most);
            open.add(client);
            if (open.size() > 25) {
                open.removeFirst().close();
            }
        }
        open.forEach(RawConnection::close);
    }

    /** Sends ten large events over one connection; how many were stored. */
    private static int burst(int port, Account account) {
        String event = "{\"type\":\"said\",\"data\":[" + "1234567,".repeat(25_000) + "0]}";
        String head = "POST /api/streams/room:large HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + account.token() + "\r\nContent-Type: application/json\r\nContent-Length: " + event.length()
                + "\r\n\r\n";
        int stored = 0;
        for (int i = 0; i < 10; i++) {
            try (RawConnection client = new RawConnection(port)) {
                stored += client.send(head + event).head().startsWith("HTTP/1.1 201") ? 1 : 0;
            } catch (UncheckedIOException refused) {
                // in the middle of its body
            }
        }
        return stored;
    }
}
