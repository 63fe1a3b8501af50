package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to one server, seen by those who use it. */
class RedisNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final RedisTransport.Receiver receiver = new RedisTransport.Receiver() {
        @Override
        public void frame(String channel, byte[] bytes) {
            told.add("frame");
        }

        @Override
        public void gap() {
            told.add("gap");
        }

        @Override
        public void unsent() {
            told.add("unsent");
        }
    };

    @Test
    void aChannelThatTheServerRefusedIsAskedForAgainOnTheSameConnection() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            RedisSettings settings = RedisSettings.of(RedisAddress.parse("redis://127.0.0.1:" + redis.port()));
            try (RedisConnector connector = new RedisConnector(settings, "node", RedisUse.BUS);
                    RedisNode node = new RedisNode(
                            connector, settings.address()::server, false, receiver, () -> told.add("refused"))) {
                node.open();
                redis.cli("acl", "setuser", "default", "resetchannels");
                node.subscribe("news");
                await().atMost(PATIENCE).until(() -> told.contains("refused"));
                assertThat(told).containsOnly("refused");

                redis.cli("acl", "setuser", "default", "allchannels");
                await().atMost(PATIENCE).until(() -> {
                    redis.cli("publish", "news", "text");
                    return told.contains("frame");
                });

                assertThat(told).doesNotContain("unsent");
                assertThat(told.indexOf("gap")).isBetween(0, told.indexOf("frame"));
            }
        }
    }

    @Test
    void whatIsOnTheWayOnAChannelThatIsWantedNoMoreIsNotHeard() throws IOException, InterruptedException {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        List<String> heard = new CopyOnWriteArrayList<>();
        RedisTransport.Receiver held = new RedisTransport.Receiver() {
            @Override
            public void frame(String channel, byte[] bytes) {
                heard.add(channel);
                if (channel.equals("gate")) {
                    gate.join(); // on the connection's thread: the next ones wait
                }
            }

            @Override
            public void gap() {}

            @Override
            public void unsent() {}
        };
        try (RedisProcess redis = RedisProcess.server(directory)) {
            RedisSettings settings = RedisSettings.of(RedisAddress.parse("redis://127.0.0.1:" + redis.port()));
            try (RedisConnector connector = new RedisConnector(settings, "node", RedisUse.BUS);
                    RedisNode node = new RedisNode(connector, settings.address()::server, false, held, () -> {})) {
                node.open();
                List.of("gate", "news", "end").forEach(node::subscribe);
                await().atMost(PATIENCE)
                        .until(() -> redis.cli("pubsub", "channels").lines().count() == 3);
                redis.cli("publish", "gate", "text");
                redis.cli("publish", "news", "text");
                redis.cli("publish", "end", "text");
                await().atMost(PATIENCE).until(() -> heard.contains("gate"));

                node.unsubscribe("news");
                gate.complete(null);

                await().atMost(PATIENCE).until(() -> heard.contains("end"));
                assertThat(heard).containsExactly("gate", "end");
            }
        }
    }

    @Test
    void aLineThatIsClosedHasLostNothing() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            RedisSettings settings = RedisSettings.of(RedisAddress.parse("redis://127.0.0.1:" + redis.port()));
            try (RedisConnector connector = new RedisConnector(settings, "node", RedisUse.BUS)) {
                RedisNode node =
                        new RedisNode(connector, settings.address()::server, false, receiver, () -> told.add("moved"));
                node.open();
                assertThat(node.answers(Duration.ofSeconds(5))).isTrue();
                node.close();
                assertThat(told).isEmpty();
                assertThat(node.answers(Duration.ofSeconds(5))).isFalse();
            }
        }
    }
}
