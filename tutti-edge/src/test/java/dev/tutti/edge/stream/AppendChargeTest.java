package dev.tutti.edge.stream;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.TestEdge;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.access.OpenAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Appends over REST, over a store that refuses some and loses others. */
class AppendChargeTest {
    private static final Principal ANN = new Principal("ann", "session", Instant.MAX);
    private static final StreamName STORED = new StreamName("room:stored");
    private static final StreamName OTHER = new StreamName("room:other");
    private static final StreamName REFUSED = new StreamName("room:refused");
    private static final StreamName LOST = new StreamName("room:lost");

    /** Keeps what it gets, except for what comes with an event of {@link #REFUSED}; what it says of {@link #LOST} is lost. */
    private static final class Failing implements StreamStore {
        private final StreamStore memory = new MemoryStreamStore(
                new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());

        @Override
        public List<Appended> append(List<Append> appends) {
            List<StreamName> streams = appends.stream().map(Append::stream).toList();
            if (streams.contains(REFUSED)) {
                throw new NothingAppendedException(ErrorCode.UNAVAILABLE, "refused", Set.of(), null);
            }
            List<Appended> results = memory.append(appends);
            if (streams.contains(LOST)) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "the connection was lost");
            }
            return results;
        }

        @Override
        public ReadResult read(StreamName stream, Range range, int limit) {
            return memory.read(stream, range, limit);
        }

        @Override
        public Position now() {
            return memory.now();
        }

        @Override
        public Changes changes(Position since) {
            return memory.changes(since);
        }

        @Override
        public Map<StreamName, Long> seen(Position position, Collection<StreamName> streams) {
            return memory.seen(position, streams);
        }
    }

    /** Notes the streams that were charged for, and forgets those that were given back. */
    private final class Charging extends OpenAccess {
        @Override
        public Charge charge(Principal who, List<Append> appends) {
            appends.forEach(append -> charged.add(append.stream()));
            return free -> {
                free.forEach(append -> charged.remove(append.stream()));
                if (failing) {
                    throw new IllegalStateException("a defect of the tests");
                }
            };
        }
    }

    private final List<StreamName> charged = new CopyOnWriteArrayList<>();
    private final Tutti tutti =
            Tutti.over(new Failing()).meters(new SimpleMeterRegistry()).start();
    private final StreamGate gate = new StreamGate(tutti.streams(), _ -> ANN, new Charging());
    private final Edge edge = Edge.of(tutti)
            .port(0)
            .routes(routes -> StreamRoutes.add(routes, gate, tutti.json()))
            .start();
    private volatile boolean failing;

    @AfterEach
    void close() {
        edge.close();
        tutti.close();
    }

    private HttpResponse<String> post(String path, String body) {
        return send(TestEdge.to(edge, path, "Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private int append(StreamName stream) {
        return post("/api/streams/" + stream, "{\"type\":\"t\",\"data\":1,\"key\":\"k\"}")
                .statusCode();
    }

    private static String event(StreamName stream) {
        return "{\"stream\":\"" + stream + "\",\"type\":\"t\",\"data\":1,\"key\":\"k\"}";
    }

    @Test
    void anAppendThatCertainlyAddsNothingCostsNothing() {
        assertThat(append(REFUSED)).isEqualTo(503);
        assertThat(charged).isEmpty();
        assertThat(append(LOST)).isEqualTo(503);
        assertThat(charged).containsExactly(LOST);
        assertThat(append(STORED)).isEqualTo(201);
        assertThat(append(STORED)).isEqualTo(200);
        assertThat(charged).containsExactly(LOST, STORED);

        tutti.streams().close();
        assertThat(append(OTHER)).isEqualTo(503);
        assertThat(charged).containsExactly(LOST, STORED);
    }

    @Test
    void ofABatchThoseThatAddNothingCostNothing() {
        HttpResponse<String> answer = post(
                "/api/streams",
                "[" + event(STORED) + "," + event(REFUSED) + "," + event(STORED) + "," + event(OTHER) + "]");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"repeated\":true", "\"code\":\"unavailable\"");
        assertThat(charged).containsExactlyInAnyOrder(STORED, OTHER);

        tutti.streams().close();
        HttpResponse<String> late = post("/api/streams", "[" + event(STORED) + "," + event(OTHER) + "]");
        assertThat(late.statusCode()).as("each event is answered on its own").isEqualTo(200);
        assertThat(late.body()).contains("\"code\":\"going_away\"").doesNotContain("seq");
        assertThat(charged).containsExactlyInAnyOrder(STORED, OTHER);
    }

    @Test
    void aRepeatIsAnsweredAlsoIfTheChargeCannotBeGivenBack() {
        failing = true;
        assertThat(append(STORED)).isEqualTo(201);
        assertThat(append(STORED)).isEqualTo(200);
    }
}
