package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bus.Bus;
import dev.tutti.tck.BusEnd;
import dev.tutti.tck.BusEnds;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bus while servers die, come back, and take each other's place. */
@Tag("slow")
class RedisOutageTest {
    private static final List<String> TOPICS =
            IntStream.range(0, 20).mapToObj(number -> "topic " + number).toList();

    @TempDir
    private Path directory;

    @Test
    void aKilledServerIsFoundAgainAndTheGapIsTold() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory);
                BusEnds ends = ends("redis://127.0.0.1:" + redis.port())) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);
            assertThat(((RedisBus) publisher.bus()).ping()).isTrue();

            redis.kill();
            BusEnds.until("that the server is away", () -> !((RedisBus) publisher.bus()).ping());
            long dropped = publisher.bus().counts().dropped();
            publisher.publish("topic 0", "into the void");
            assertThat(publisher.bus().counts().dropped()).isEqualTo(dropped + 1);
            redis.start();

            assertThatAllIsHeardBehindAGap(publisher, listener);
            assertThat(listener.messages()).doesNotContain(new BusEnd.Message("topic 0", "into the void"));
            BusEnds.until("that the server is back", () -> ((RedisBus) publisher.bus()).ping());
        }
    }

    @Test
    void aServerThatWasDemotedIsLeftThoughItAnswers() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory);
                RedisProcess master = RedisProcess.server(directory);
                BusEnds ends = ends("redis://127.0.0.1:" + redis.port())) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);

            redis.cli("replicaof", "127.0.0.1", "" + master.port());
            BusEnds.until(
                    "that both have left the demoted server",
                    () -> !((RedisBus) publisher.bus()).ping() && !((RedisBus) listener.bus()).ping());
            redis.cli("replicaof", "no", "one");

            assertThatAllIsHeardBehindAGap(publisher, listener);
        }
    }

    @Test
    void aBusThatIsToldToBeginsAnewAndTellsTheGap() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory);
                BusEnds ends = ends("redis://127.0.0.1:" + redis.port())) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);

            ((RedisBus) publisher.bus()).reconnect();
            ((RedisBus) listener.bus()).reconnect();

            assertThatAllIsHeardBehindAGap(publisher, listener);
        }
    }

    @Test
    void theServerThatSentinelMakesMasterIsFound() throws IOException, InterruptedException {
        try (RedisProcess master = RedisProcess.server(directory);
                RedisProcess replica = RedisProcess.server(directory, "--replicaof", "127.0.0.1", "" + master.port());
                RedisProcess sentinel = RedisProcess.sentinel(directory, master);
                BusEnds ends = ends("redis-sentinel://127.0.0.1:" + sentinel.port() + "#main")) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);
            BusEnds.until(
                    "that Sentinel knows the replica",
                    () -> sentinel.cli("sentinel", "replicas", "main").contains("" + replica.port()));

            master.kill();

            assertThatAllIsHeardBehindAGap(publisher, listener);
            assertThat(replica.cli("role")).startsWith("master");
        }
    }

    @Test
    void withoutOneNodeOfAClusterTheTopicsOfTheOthersAreHeard() throws IOException, InterruptedException {
        List<RedisProcess> nodes = RedisProcess.cluster(directory, 3);
        try (BusEnds ends = ends("redis-cluster://127.0.0.1:" + nodes.getFirst().port())) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);
            listener.forget();

            nodes.getFirst().kill();
            BusEnds.until("most topics", () -> {
                TOPICS.forEach(topic -> publisher.publish(topic, "still there"));
                return listener.messages().stream()
                                .map(BusEnd.Message::topic)
                                .distinct()
                                .count()
                        >= TOPICS.size() / 3;
            });
            assertThat(((RedisBus) publisher.bus()).ping()).isFalse();
            nodes.getFirst().start();

            assertThatAllIsHeardBehindAGap(publisher, listener);
        } finally {
            nodes.forEach(RedisProcess::close);
        }
    }

    @Test
    void theNodeThatTakesThePlaceOfALostOneIsFound() throws IOException, InterruptedException {
        List<RedisProcess> nodes = RedisProcess.cluster(directory, 3);
        try (RedisProcess replica = RedisProcess.replica(directory, nodes.get(1));
                BusEnds ends =
                        ends("redis-cluster://127.0.0.1:" + nodes.getFirst().port())) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);
            listener.forget();

            nodes.get(1).kill();

            assertThatAllIsHeardBehindAGap(publisher, listener);
            assertThat(replica.cli("role")).startsWith("master");
            BusEnds.until("that all masters answer", () -> ((RedisBus) publisher.bus()).ping());
        } finally {
            nodes.forEach(RedisProcess::close);
        }
    }

    @Test
    void aLostNodeThatComesBackAsAReplicaIsNotHeardBesideItsSuccessor() throws IOException, InterruptedException {
        List<RedisProcess> nodes = RedisProcess.cluster(directory, 3);
        RedisProcess lost = nodes.get(1);
        try (RedisProcess replica = RedisProcess.replica(directory, lost);
                BusEnds ends =
                        ends("redis-cluster://127.0.0.1:" + nodes.getFirst().port())) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);
            lost.kill();
            assertThatAllIsHeardBehindAGap(publisher, listener);

            lost.start();
            BusEnds.until(
                    "that it follows its successor", () -> lost.cli("role").contains("connected"));
            assertThat(replica.cli("role")).startsWith("master");
            listener.forget();
            TOPICS.forEach(topic -> publisher.publish(topic, "once"));

            TOPICS.forEach(topic -> BusEnds.delivered(publisher, listener, topic));
            assertThat(listener.messages()).hasSize(2 * TOPICS.size()).doesNotHaveDuplicates();
            assertThat(lost.cli("pubsub", "shardchannels")).isBlank();
        } finally {
            nodes.forEach(RedisProcess::close);
        }
    }

    @Test
    void aTopicMovesWithItsSlotToAnotherNode() throws IOException, InterruptedException {
        List<RedisProcess> nodes = RedisProcess.cluster(directory, 2);
        try (BusEnds ends = ends("redis-cluster://127.0.0.1:" + nodes.getFirst().port())) {
            BusEnd publisher = ends.start();
            BusEnd listener = connected(ends, publisher);
            String slot =
                    nodes.getFirst().cli("cluster", "keyslot", "tutti:topic 0").strip();
            RedisProcess to = nodes.get(Integer.parseInt(slot) < 8_192 ? 1 : 0);
            listener.forget();

            RedisProcess.moveSlot(nodes, slot, to);

            assertThatAllIsHeardBehindAGap(publisher, listener);
            assertThat(to.cli("pubsub", "shardnumsub", "tutti:topic 0").lines()).contains("1");
        } finally {
            nodes.forEach(RedisProcess::close);
        }
    }

    private static BusEnds ends(String url) {
        Supplier<Bus> end = () -> RedisEnds.at(url);
        return new BusEnds(end);
    }

    private static BusEnd connected(BusEnds ends, BusEnd publisher) {
        BusEnd listener = ends.start();
        TOPICS.forEach(topic -> BusEnds.connect(publisher, listener, topic));
        listener.forget();
        return listener;
    }

    private static void assertThatAllIsHeardBehindAGap(BusEnd publisher, BusEnd listener) {
        BusEnds.until("the gap", () -> listener.heard(new BusEnd.Gap()));
        TOPICS.forEach(topic -> BusEnds.hears(publisher, listener, topic));
    }
}
