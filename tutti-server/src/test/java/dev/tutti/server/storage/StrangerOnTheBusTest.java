package dev.tutti.server.storage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.core.Tutti;
import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.core.stream.StreamSettings;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.postgres.PostgresBusSettings;
import dev.tutti.redis.RedisAddress;
import dev.tutti.redis.RedisBackend;
import dev.tutti.redis.RedisSettings;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.process.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Two members of a cluster, and somebody who may do with the bus what anybody may, but does not know the secret. */
class StrangerOnTheBusTest {
    private static final ClusterSecret SECRET =
            ClusterSecret.of("a secret of the tests, and of no one else", List.of());
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Without looks for what nobody announced, so that what is heard came over the bus. */
    private static final StreamSettings ANNOUNCED =
            new StreamSettings(2, 4, 200, Duration.ofMinutes(10), Duration.ofMinutes(10));

    private final StreamName room = new StreamName("room:" + UUID.randomUUID());
    private final String topic = "stream/" + room.value();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Lifecycle parts = new Lifecycle(PATIENCE);

    @TempDir
    private static Path directory;

    private static EmbeddedDatabase postgres;

    @BeforeAll
    static void startPostgres() {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @AfterEach
    void close() {
        parts.close();
    }

    /** What a stranger can do. */
    private interface Stranger {
        /** All frames of members that came so far. */
        List<byte[]> overheard() throws Exception;

        /** Says {@code frame} on {@link #topic}, as one member more would. */
        void say(byte[] frame) throws Exception;
    }

    private Tutti member(UnaryOperator<Tutti.Builder> bus) {
        return parts.started(
                "member",
                bus.apply(Tutti.on(PostgresBackend.open(postgres.url())).secret(SECRET))
                        .meters(meters)
                        .streams(ANNOUNCED)
                        .start());
    }

    @Test
    void aRoleWithoutGrantsCanNeitherReadNorSpeakOnPostgres() throws Exception {
        String role = "stranger_" + UUID.randomUUID().toString().substring(0, 8);
        execute("create role " + role + " login password 'x'");
        String channel = "app_events_v2_" + Math.floorMod(topic.hashCode(), PostgresBusSettings.DEFAULT.channels());
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), role, "x")) {
            Tutti one = member(instance -> instance);
            execute(connection, "listen " + channel);
            assertThatThrownBy(() -> execute(connection, "select * from tutti.bus_payload"))
                    .hasMessageContaining("permission denied");
            talk(one, member(instance -> instance), new Stranger() {
                private final List<byte[]> all = new ArrayList<>();

                @Override
                public List<byte[]> overheard() throws SQLException {
                    PGNotification[] fresh =
                            connection.unwrap(PGConnection.class).getNotifications(10);
                    Arrays.stream(fresh)
                            .map(each -> Base64.getDecoder()
                                    .decode(each.getParameter().substring(2)))
                            .map(StrangerOnTheBusTest.this::payload)
                            .forEach(all::add);
                    return all;
                }

                @Override
                public void say(byte[] frame) throws SQLException {
                    try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
                        notify.setString(1, channel);
                        notify.setString(2, "2:" + Base64.getEncoder().encodeToString(notification(frame)));
                        notify.execute();
                    }
                }
            });
        } finally {
            execute("drop role " + role);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One message in a notification; see {@code BusFrame}. */
    private byte[] notification(byte[] frame) {
        byte[] name = topic.getBytes(UTF_8);
        return ByteBuffer.allocate(13 + 3 + name.length + 2 + frame.length)
                .putLong(42)
                .putInt(1)
                .put(new byte[2])
                .putShort((short) name.length)
                .put(name)
                .putShort((short) frame.length)
                .put(frame)
                .array();
    }

    private byte[] payload(byte[] notification) {
        int header = 13 + 3 + topic.length() + 2;
        return notification.length < header
                ? notification
                : Arrays.copyOfRange(notification, header, notification.length);
    }

    @Test
    void nobodyWithoutTheSecretCanReadOrSpeakOnRedis(@TempDir Path redisDirectory) throws Exception {
        try (RedisProcess redis = RedisProcess.server(redisDirectory)) {
            String url = "redis://127.0.0.1:" + redis.port();
            RedisSettings settings = RedisSettings.of(RedisAddress.parse(url));
            RedisClient client = parts.started("client", RedisClient.create(url));
            RedisCodec<String, byte[]> codec = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
            List<byte[]> overheard = new CopyOnWriteArrayList<>();
            StatefulRedisPubSubConnection<String, byte[]> hearing = client.connectPubSub(codec);
            hearing.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, byte[] frame) {
                    overheard.add(Arrays.copyOfRange(frame, 13, frame.length));
                }
            });
            hearing.sync().subscribe(settings.prefix() + topic);
            var speaking = client.connect(codec).sync();
            UnaryOperator<Tutti.Builder> overRedis = instance -> instance.with(RedisBackend.open(settings));
            talk(member(overRedis), member(overRedis), new Stranger() {
                @Override
                public List<byte[]> overheard() {
                    return List.copyOf(overheard);
                }

                @Override
                public void say(byte[] frame) {
                    byte[] whole = ByteBuffer.allocate(13 + frame.length)
                            .put((byte) 2)
                            .putLong(42)
                            .putInt(0)
                            .put(frame)
                            .array();
                    speaking.publish(settings.prefix() + topic, whole);
                }
            });
        }
    }

    private void talk(Tutti one, Tutti two, Stranger stranger) throws Exception {
        await().atMost(PATIENCE)
                .until(() -> !one.members().others().isEmpty()
                        && !two.members().others().isEmpty());
        two.streams().subscribe(room, 0, event -> heard.add(event.data().toString()));
        int said = 0;
        int overheard;
        do { // until one has come over the bus, to both: it may lose some while the two divide the connections, and
            // begin to listen
            overheard = stranger.overheard().size();
            say(one, "\"a private text\"");
            said++;
        } while (said < 20 && !(isHeard(said) && isOverheard(stranger, overheard)));
        int before = said;
        assertThat(heard).hasSize(before);
        byte[] sealed = stranger.overheard().getLast();
        assertThat(stranger.overheard()).noneMatch(frame -> new String(frame, ISO_8859_1).contains("private"));

        double refused = refused();
        byte[] changed = sealed.clone();
        changed[changed.length - 1] ^= 1;
        stranger.say(changed);
        stranger.say(sealed);
        stranger.say(hint("\"forged\"")); // as releases without an envelope wrote it
        stranger.say(concatenated(new byte[] {(byte) 0x80, 1}, hint("\"forged\""))); // as those without a secret do
        stranger.say(concatenated(Arrays.copyOf(sealed, 30), hint("\"forged\"")));
        await().atMost(PATIENCE).until(() -> refused() >= refused + 5);

        say(one, "\"the real one\"");
        await().atMost(PATIENCE).until(() -> heard.size() > before);
        assertThat(heard).hasSize(before + 1).endsWith("\"the real one\"").doesNotContain("\"forged\"");
    }

    private boolean isHeard(int said) {
        return comes(() -> heard.size() == said);
    }

    private static boolean isOverheard(Stranger stranger, int before) {
        return comes(() -> stranger.overheard().size() > before);
    }

    private static boolean comes(Callable<Boolean> condition) {
        try {
            await().pollInSameThread().atMost(Duration.ofSeconds(3)).until(condition);
            return true;
        } catch (ConditionTimeoutException nothing) {
            return false;
        }
    }

    private void say(Tutti member, String text) {
        member.streams().append(new Append(room, "said", Json.of(text)));
    }

    private double refused() {
        return meters.find("tutti.bus.refused").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** A run of one event, the second of its stream. */
    private static byte[] hint(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(2);
            out.writeShort(1);
            out.writeUTF("said");
            out.writeBoolean(false);
            out.writeLong(0);
            out.writeInt(text.length());
            out.writeBytes(text);
        }
        return bytes.toByteArray();
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
