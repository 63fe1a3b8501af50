package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.account.AccountSchema;
import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The rows of an older release in the tables of this one. They are those of {@code schema_4.sql}, and are written to tables of
 * version 4, which are then brought up to date.
 */
class UpgradedDatabaseTest {
    private static final String ITS_FEATURES = "4";
    private static final String ITS_LOG = "8";

    private static final String ANN = "a".repeat(24);
    private static final String BOB = "b".repeat(24);
    private static final String CEM = "c".repeat(24);
    private static final String SESSION = "1".repeat(24);
    private static final String DIRECT = "d".repeat(24);
    private static final String GROUP = "e".repeat(24);
    private static final String INVITATION = "f".repeat(24);

    private TestInstance instance;

    @BeforeEach
    void upgrade() throws IOException {
        DataSource database =
                FeatureDatabase.empty("upgraded_" + UUID.randomUUID().toString().substring(0, 8));
        migrate(database, "stream_schema_history", ITS_LOG, "dev/tutti/postgres/migration");
        migrate(database, AccountSchema.HISTORY, ITS_FEATURES, AccountSchema.MIGRATIONS, "dev/tutti/chat/migration");
        assertThat(applied(database)).isEqualTo("1,2,3,4");
        FeatureDatabase.execute(database, rows());

        PostgresSchema.migrate(database);
        new ChatSchema().migrate(database);
        assertThat(applied(database)).startsWith("1,2,3,4,5,");
        instance = new TestInstance(database);
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void peopleLogInAndTheirSessionsGoOn() {
        byte[] token = new byte[64];
        Arrays.fill(token, 0, 32, (byte) 0x11);
        Arrays.fill(token, 32, 64, (byte) 0x22);
        RouteAnswer refreshed = instance.stranger()
                .post(
                        "/api/auth/refresh",
                        Map.of(
                                "refreshToken",
                                Base64.getUrlEncoder().withoutPadding().encodeToString(token)));
        assertThat(refreshed.status()).isEqualTo(200);
        Person ann = new Person(instance, ANN, "ann", refreshed.text("accessToken"));
        assertThat(person("ann", ANN).get("/api/auth/me").status()).isEqualTo(200);

        List<JsonNode> sessions =
                ann.get("/api/sessions").json().get("sessions").valueStream().toList();
        assertThat(sessions).hasSize(2);
        assertThat(sessions)
                .filteredOn(session -> session.get("current").booleanValue())
                .singleElement()
                .satisfies(session -> {
                    assertThat(session.get("id").stringValue()).isEqualTo(SESSION);
                    assertThat(session.get("device").stringValue()).isEqualTo("Unknown device");
                });
        JsonNode account = ann.get("/api/account").json();
        assertThat(account.get("displayName").stringValue()).isEqualTo("Ann");
        assertThat(account.get("email").isNull()).isTrue();
        assertThat(account.get("admin").booleanValue()).isFalse();
        assertThat(instance.person().get("/api/account").json().get("admin").booleanValue())
                .as("the server is not an empty one, whose first account administers it")
                .isFalse();
    }

    @Test
    void conversationsAreListedWithTheirLastMessages() {
        Person ann = person("ann", ANN);
        JsonNode overview = ann.get("/api/chat").json();

        assertThat(ids(overview.get("conversations"))).containsExactlyInAnyOrder(DIRECT, GROUP);
        JsonNode direct = Talk.view(ann, DIRECT);
        assertThat(direct.get("lastMessage").get("text").stringValue()).isEqualTo("at noon by the old pier");
        assertThat(direct.get("readSeq").longValue()).isEqualTo(2);
        assertThat(direct.get("unread").intValue()).isZero();
        assertThat(Talk.view(person("bob", BOB), DIRECT).get("unread").intValue())
                .isEqualTo(1);
        JsonNode group = Talk.view(ann, GROUP);
        assertThat(group.get("title").stringValue()).isEqualTo("Boats");
        assertThat(group.get("role").stringValue()).isEqualTo("owner");
        assertThat(ids(group.get("members"))).containsExactly(ANN, BOB);
        assertThat(group.get("lastMessage").get("deleted").booleanValue()).isTrue();
        assertThat(group.get("createdBy").isNull()).as("was not noted then").isTrue();

        assertThat(ids(overview.get("invitations"))).containsExactly(INVITATION);
        assertThat(Talk.view(person("cem", CEM), INVITATION).get("invitation").stringValue())
                .isEqualTo("sent");
        assertThat(ann.get("/api/presence?users=" + BOB)
                        .json()
                        .get("lastSeen")
                        .get(BOB)
                        .stringValue())
                .isEqualTo("2026-01-01T12:00:00Z");
    }

    @Test
    void messagesAreReadAndFoundAsTheyAreNow() {
        Person ann = person("ann", ANN);

        assertThat(Talk.texts(ann, DIRECT, ""))
                .containsExactly("at noon by the old pier", "shall we row to the island");
        assertThat(Talk.texts(ann, GROUP, "")).containsExactly("", "the regatta is on Monday");

        assertThat(found(ann, "pier")).containsExactly("at noon by the old pier");
        assertThat(found(ann, "regatta monday")).containsExactly("the regatta is on Monday");
        assertThat(found(ann, "sunday")).as("edited").isEmpty();
        assertThat(found(ann, "oars")).as("deleted").isEmpty();
        assertThat(found(ann, "room")).as("not answered").isEmpty();
    }

    @Test
    void conversationsGoOn() {
        Person ann = person("ann", ANN);
        Person bob = person("bob", BOB);
        Talk.accept(ann, INVITATION);
        assertThat(Talk.texts(ann, INVITATION, "")).containsExactly("is there room in your boat");
        assertThat(found(ann, "room")).hasSize(1);

        assertThat(bob.call("PUT", Talk.path(DIRECT) + "/messages/1/reactions/%E2%9B%B5", null)
                        .status())
                .isEqualTo(200);
        assertThat(bob.post(Talk.path(DIRECT) + "/messages", Map.of("id", "m1", "text", "at noon by the old pier"))
                        .json()
                        .get("seq")
                        .longValue())
                .as("sent again")
                .isEqualTo(2);
        RouteAnswer reply = ann.post(Talk.path(DIRECT) + "/messages", Map.of("id", "m3", "text", "fine", "replyTo", 2));
        assertThat(reply.status()).isEqualTo(201);

        List<JsonNode> messages = ann.get(Talk.path(DIRECT) + "/messages")
                .json()
                .get("messages")
                .valueStream()
                .toList();
        assertThat(messages).hasSize(3);
        assertThat(messages.getFirst().get("replyTo").longValue()).isEqualTo(2);
        assertThat(messages.getLast().get("reactions")).hasSize(1);

        Talk.remove(bob, GROUP, bob);
        assertThat(bob.post(Talk.path(GROUP) + "/join", null).status()).isEqualTo(204);
        assertThat(Talk.texts(bob, GROUP, "")).as("from before they joined").isEmpty();
        assertThat(ann.post("/api/account/delete", Map.of("password", "password"))
                        .status())
                .isEqualTo(204);
        assertThat(Talk.view(bob, GROUP).get("role").stringValue()).isEqualTo("owner");
    }

    /** Somebody whom the older release knew. */
    private Person person(String name, String id) {
        RouteAnswer login = instance.stranger().post("/api/auth/login", Map.of("name", name, "password", "password"));
        assertThat(login.status()).isEqualTo(200);
        assertThat(login.json().get("user").get("id").stringValue()).isEqualTo(id);
        return new Person(instance, id, name, login.text("accessToken"));
    }

    private static List<String> ids(JsonNode list) {
        return list.valueStream().map(each -> each.get("id").stringValue()).toList();
    }

    private static List<String> found(Person person, String query) {
        JsonNode page =
                person.get("/api/chat/search?query=" + query.replace(' ', '+')).json();
        assertThat(page.get("complete").booleanValue()).isTrue();
        return page.get("messages")
                .valueStream()
                .map(match -> match.get("message").get("text").stringValue())
                .toList();
    }

    /** The versions of the tables of accounts and chat, in the order of their numbers. */
    private static String applied(DataSource database) {
        return FeatureDatabase.value(
                database,
                "select string_agg(version, ',' order by version::integer) from tutti.feature_schema_history"
                        + " where version > '0'");
    }

    private static void migrate(DataSource database, String history, String version, String... locations) {
        Flyway.configure(UpgradedDatabaseTest.class.getClassLoader())
                .dataSource(database)
                .locations(Stream.of(locations)
                        .map(location -> "classpath:" + location)
                        .toArray(String[]::new))
                .defaultSchema("tutti")
                .table(history)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target(version)
                .load()
                .migrate();
    }

    private static String rows() throws IOException {
        try (InputStream rows =
                Objects.requireNonNull(UpgradedDatabaseTest.class.getResourceAsStream("schema_4.sql"))) {
            return new String(rows.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
