package dev.tutti.edge.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.feed.FeedKey;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.client.RawConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that have not logged in, and read what is public. */
@Timeout(60)
class GuestsTest {
    private static final TestEdge EDGE = new TestEdge();

    @AfterAll
    static void close() {
        EDGE.close();
    }

    private static RawConnection guest(TestEdge edge) {
        RawConnection client = new RawConnection(edge.port());
        client.send(RawConnection.handshake("/ws", ""));
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        assertThat(client.message()).startsWith("{\"op\":\"hello\"");
        return client;
    }

    private static TestEdge impatient() {
        return new TestEdge(
                settings -> settings.withTimes(EdgeSettings.DEFAULT.times().withAuthentication(Duration.ofSeconds(1))),
                builder -> builder);
    }

    private static String subscribe(int id, String stream) {
        return "{\"op\":\"subscribe\",\"id\":" + id + ",\"stream\":\"" + stream + "\",\"after\":0}";
    }

    @Test
    void aGuestReadsAPublicStreamAndComesBackToWhereItWas() {
        EDGE.append("room:public-ws", "t", "1");
        try (RawConnection client = guest(EDGE)) {
            client.text(subscribe(1, "room:public-ws"));
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            assertThat(client.message()).contains("\"seq\":1,", "\"data\":1}");
            EDGE.append("room:public-ws", "t", "2");
            assertThat(client.message()).contains("\"seq\":2,", "\"data\":2}");
        }
        EDGE.append("room:public-ws", "t", "3");
        try (RawConnection client = guest(EDGE)) {
            client.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:public-ws\",\"after\":2}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            assertThat(client.message()).contains("\"seq\":3,", "\"data\":3}");
            client.text("{\"op\":\"unsubscribe\",\"id\":2,\"stream\":\"room:public-ws\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":2}");
        }
    }

    @Test
    void aClientThatCouldNotBeCheckedReadsWhatIsPublicAsWhoItIs() {
        EDGE.append("room:public-late", "t", "1");
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "late-guest")) {
            assertThat(client.message()).contains("\"code\":\"unavailable\"");
            client.text(subscribe(1, "room:public-late"));
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            assertThat(client.message()).contains("\"seq\":1,");
            client.text("{\"op\":\"publish\",\"id\":2,\"stream\":\"room:of-late\",\"type\":\"t\",\"data\":1}");
            assertThat(client.message()).contains("\"op\":\"ok\",\"id\":2");
        }
    }

    @Test
    void guestsLeaveHalfOfThePermitsToThoseWhoLogIn() {
        try (TestEdge small = new TestEdge(settings -> settings.withMaxConnections(2), builder -> builder);
                RawConnection first = guest(small)) {
            first.text(subscribe(1, "room:public-few"));
            assertThat(first.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            try (RawConnection second = guest(small)) {
                second.text(subscribe(1, "room:public-few"));
                assertThat(second.message()).contains("\"id\":1,", "\"code\":\"instance_full\"");
                second.text("{\"op\":\"auth\",\"id\":2,\"token\":\"ann\"}");
                assertThat(second.message()).contains("\"op\":\"ok\",\"id\":2");
                second.text(subscribe(3, "room:public-few"));
                assertThat(second.message()).isEqualTo("{\"op\":\"ok\",\"id\":3}");
            }
        }
    }

    @Test
    void whereGuestsHaveAllPermitsButTheReserveGoodCredentialsOpenAConnection() {
        List<RawConnection> guests = new ArrayList<>();
        try (TestEdge edge = TestEdge.ofConnections(10)) {
            try {
                for (int i = 0; i < 9; i++) {
                    guests.add(guest(edge));
                }
                try (RawConnection next = new RawConnection(edge.port())) {
                    next.send(RawConnection.handshake("/ws", ""));
                    assertThat(next.head()).startsWith("HTTP/1.1 503 ");
                }
                try (RawConnection bad = RawConnection.webSocket(edge.port(), "bad")) {
                    assertThat(bad.message()).contains("\"code\":\"unauthenticated\"");
                    assertThat(bad.message()).contains("\"code\":\"instance_full\"");
                    assertThat(bad.message()).startsWith("close ");
                }
                await().until(() -> edge.edge.connections() == 9);
                try (RawConnection ann = RawConnection.webSocket(edge.port(), "ann")) {
                    ann.text(subscribe(1, "room:of-ann"));
                    assertThat(ann.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
                }
            } finally {
                guests.forEach(RawConnection::close);
            }
        }
    }

    @Test
    void aGuestReadsAPublicFeed() {
        EDGE.tutti.feeds().publish(new FeedKey("public:guests"), 4, Json.of("4"));
        try (RawConnection client = guest(EDGE)) {
            client.text("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"public:guests\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1,\"version\":4}");
            assertThat(client.message()).contains("\"version\":4,\"value\":4}");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '|', textBlock = """
            {"op":"publish","id":1,"stream":"room:public-held","type":"t","data":1}
            {"op":"subscribe","id":1,"stream":"room:exists"}
            {"op":"subscribe","id":1,"stream":"room:exists-not"}
            {"op":"subscribe","id":1,"stream":"socketio:bus"}
            {"op":"feed.subscribe","id":1,"key":"score:1"}
            {"op":"follow","id":1}
            """)
    void everythingElseIsRefusedAlikeAndTheConnectionStays(String request) {
        EDGE.append("room:exists", "t", "1");
        try (RawConnection client = guest(EDGE)) {
            client.text(subscribe(9, "room:public-held"));
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":9}");
            client.text(request);
            assertThat(client.message())
                    .startsWith("{\"op\":\"error\",\"id\":1,\"error\":{\"code\":\"unauthenticated\"")
                    .contains("\"send auth first\"");
            client.text("{\"op\":\"ping\",\"id\":2}");
            assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":2}");
        }
        assertThat(EDGE.tutti.streams().head(new StreamName("room:public-held")))
                .isZero();
    }

    @Test
    void aGuestHasFewSubscriptionsToStreamsAndFeedsTogether() {
        try (RawConnection client = guest(EDGE)) {
            for (int i = 0; i < 9; i++) {
                client.text(subscribe(i, "room:public-many-" + i));
                assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":" + i + "}");
            }
            client.text("{\"op\":\"feed.subscribe\",\"id\":9,\"key\":\"public:many\"}");
            assertThat(client.message()).startsWith("{\"op\":\"ok\",\"id\":9");
            client.text(subscribe(10, "room:public-many-10"));
            assertThat(client.message()).contains("\"id\":10", "\"code\":\"limit_reached\"");
            client.text("{\"op\":\"feed.subscribe\",\"id\":11,\"key\":\"public:more\"}");
            assertThat(client.message()).contains("\"id\":11", "\"code\":\"limit_reached\"");
            client.text("{\"op\":\"auth\",\"id\":12,\"token\":\"ann\"}");
            assertThat(client.message()).contains("\"ok\",\"id\":12", "\"user\":\"ann\"");
            client.text(subscribe(13, "room:public-many-10"));
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":13}");
        }
    }

    @Test
    void aGuestThatLogsInKeepsWhatItReadsAndMayDoTheRest() {
        try (RawConnection client = guest(EDGE)) {
            client.text(subscribe(1, "room:public-login"));
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            client.text("{\"op\":\"auth\",\"id\":2,\"token\":\"ann\"}");
            assertThat(client.message()).contains("\"ok\",\"id\":2");
            client.text("{\"op\":\"publish\",\"id\":3,\"stream\":\"room:public-login\",\"type\":\"t\",\"data\":1}");
            List<String> both = List.of(client.message(), client.message());
            assertThat(both).anyMatch(message -> message.startsWith("{\"op\":\"ok\",\"id\":3"));
            assertThat(both).anyMatch(message -> message.startsWith("{\"op\":\"event\""));
        }
    }

    /** The others, who come at the same time and read nothing, are the clock. */
    @Test
    void onlyAGuestThatReadsSomethingMayStay() {
        try (TestEdge edge = impatient();
                RawConnection reader = guest(edge);
                RawConnection feedReader = guest(edge)) {
            reader.text(subscribe(1, "room:public-stay"));
            assertThat(reader.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            feedReader.text("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"public:stay\"}");
            assertThat(feedReader.message()).startsWith("{\"op\":\"ok\",\"id\":1");
            try (RawConnection idle = guest(edge);
                    RawConnection refused = guest(edge)) {
                refused.text(subscribe(1, "room:stay"));
                assertThat(refused.message()).contains("unauthenticated");
                assertThat(idle.messageWith(List.of("close"))).isEqualTo("close 4201");
                assertThat(refused.messageWith(List.of("close"))).isEqualTo("close 4201");
            }
            edge.append("room:public-stay", "t", "1");
            assertThat(reader.message()).contains("\"seq\":1,");
            feedReader.text("{\"op\":\"ping\",\"id\":2}");
            assertThat(feedReader.message()).isEqualTo("{\"op\":\"pong\",\"id\":2}");

            reader.text("{\"op\":\"unsubscribe\",\"id\":3,\"stream\":\"room:public-stay\"}");
            assertThat(reader.message()).isEqualTo("{\"op\":\"ok\",\"id\":3}");
            assertThat(reader.messageWith(List.of("close"))).isEqualTo("close 4201");
            feedReader.text("{\"op\":\"feed.unsubscribe\",\"id\":3,\"key\":\"public:stay\"}");
            assertThat(feedReader.message()).isEqualTo("{\"op\":\"ok\",\"id\":3}");
            assertThat(feedReader.messageWith(List.of("close"))).isEqualTo("close 4201");
        }
    }

    @Test
    void aGuestThatFloodsIsClosed() {
        try (RawConnection client = guest(EDGE);
                RawConnection large = guest(EDGE)) {
            client.text(subscribe(1, "room:public-flood"));
            large.text(subscribe(1, "room:public-flood"));
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            assertThat(large.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            byte[] ping = RawConnection.frame(0x89, new byte[0], true);
            for (int i = 0; i < 1_000; i++) {
                client.trySend(ping);
            }
            assertThat(client.messageWith(List.of("close"))).isEqualTo("close 1009");
            large.trySend(RawConnection.frame(0x81, new byte[100_000], true));
            assertThat(large.messageWith(List.of("close"))).isEqualTo("close 1009");
        }
    }
}
