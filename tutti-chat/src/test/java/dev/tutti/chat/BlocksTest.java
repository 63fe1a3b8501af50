package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Ann blocks Bob, at one instance; Bob is at another, which does not hear of it. */
class BlocksTest {
    private final TestInstance here = new TestInstance();
    private final TestInstance there = new TestInstance();
    private final Person ann = here.person();
    private final Person bob = there.person();

    @AfterEach
    void close() {
        there.close();
        here.close();
    }

    @Test
    void anInvitationOfSomebodyBlockedComesToNothingAndLooksLikeAnyOther() {
        Person carl = here.person();
        block();

        String toAnn = invite(bob, ann);
        String toCarl = invite(bob, carl);

        assertThat(write(bob, toAnn, "1").status()).isEqualTo(201);
        assertThat(write(bob, toCarl, "1").status()).isEqualTo(201);
        assertThat(write(bob, toAnn, "2").status()).isEqualTo(201);
        assertThat(invitations(carl)).hasSize(1);
        assertThat(invitations(ann)).isEmpty();
        JsonNode view = Talk.view(bob, toAnn);
        assertThat(view.get("invitation")).isEqualTo(Talk.view(bob, toCarl).get("invitation"));
        assertThat(view.get("memberCount")).isEqualTo(Talk.view(bob, toCarl).get("memberCount"));
    }

    @Test
    void aMessageThatWasHeldUpIsNotWrittenWhenItsSenderWasBlockedMeanwhile() throws Exception {
        String direct = Talk.direct(ann, bob);
        long last = Talk.say(ann, direct, "hello");
        try (Connection lock = FeatureDatabase.shared().getConnection();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("select from tutti.stream where name = 'conversation:" + direct + "' for update");

            CompletableFuture<RouteAnswer> sent = CompletableFuture.supplyAsync(() -> write(bob, direct, "1"));
            await().until(() -> waiting() == 1);
            block();

            assertThat(sent.get(30, TimeUnit.SECONDS).code()).isEqualTo("forbidden");
            lock.rollback();
        }
        assertThat(Talk.view(ann, direct).get("lastSeq").longValue()).isEqualTo(last);
    }

    /** How many wait for the lock of a stream. */
    private static int waiting() {
        return Integer.parseInt(
                FeatureDatabase.value(
                        FeatureDatabase.shared(),
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%tutti.append%'"));
    }

    @Test
    void directMessagesOfSomebodyBlockedAreRefusedEverywhereWithinASecondUntilTheyAreNotBlocked() {
        String direct = Talk.direct(ann, bob);
        assertThat(write(bob, direct, "1").status()).isEqualTo(201); // is remembered now
        long message = Talk.view(bob, direct).get("lastSeq").longValue();

        block();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> write(bob, direct, "x" + System.nanoTime()).code().equals("forbidden"));
        assertThat(bob.patch(Talk.path(direct) + "/messages/" + message, Map.of("text", "still here"))
                        .code())
                .isEqualTo("forbidden");
        assertThat(write(ann, direct, "1").status()).isEqualTo(201);
        assertThat(ann.get("/api/blocks").json().get("blocks"))
                .singleElement()
                .satisfies(blocked ->
                        assertThat(blocked.get("user").get("id").stringValue()).isEqualTo(bob.id()));

        assertThat(ann.delete("/api/blocks/" + bob.id()).status()).isEqualTo(204);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> write(bob, direct, "y" + System.nanoTime()).status() == 201);
    }

    @Test
    void whoIsBlockedIsToldTheSameAsWhoWritesToADeletedAccount() {
        Person carl = here.person();
        String toAnn = Talk.direct(ann, bob);
        String toCarl = Talk.direct(carl, bob);
        block();
        carl.post("/api/account/delete", Map.of("password", "password of " + carl.name()));

        RouteAnswer blocked = write(bob, toAnn, "1");
        RouteAnswer deleted = write(bob, toCarl, "1");

        assertThat(blocked.code()).isEqualTo("forbidden");
        assertThat(deleted).isEqualTo(blocked);
    }

    @Test
    void nobodyIsBroughtIntoAGroupBySomebodyTheyBlock() {
        Person carl = here.person();
        block();

        JsonNode group = bob.post(
                        "/api/conversations",
                        Map.of("kind", "group", "title", "Boats", "members", List.of(ann.id(), carl.id())))
                .json();
        String id = group.get("id").stringValue();
        assertThat(bob.post(Talk.path(id) + "/members", Map.of("user", ann.id()))
                        .status())
                .isEqualTo(204);

        assertThat(group.get("memberCount").intValue()).isEqualTo(2);
        assertThat(ann.get(Talk.path(id)).code()).isEqualTo("not_found");
        assertThat(carl.post(Talk.path(id) + "/members", Map.of("user", ann.id()))
                        .status())
                .isEqualTo(204); // by others they are
        assertThat(ann.get(Talk.path(id)).status()).isEqualTo(200);
    }

    @Test
    void anInvitationFromBeforeIsNotShownAnyMore() {
        String direct = invite(bob, ann);
        write(bob, direct, "1");
        assertThat(invitations(ann)).hasSize(1);

        block();

        assertThat(invitations(ann)).isEmpty();
    }

    @Test
    void blocksAreBoundedAndOfOthers() {
        assertThat(ann.call("PUT", "/api/blocks/" + ann.id(), null).code()).isEqualTo("bad_request");
        FeatureDatabase.execute("insert into tutti.user (id, name, display_name, search_name, password_hash)"
                + " select 'full" + ann.id() + "' || i, 'full" + ann.id() + "' || i, '', '', ''"
                + " from generate_series(1, 1000) i");
        FeatureDatabase.execute("insert into tutti.user_block select '" + ann.id() + "', id from tutti.user"
                + " where id like 'full" + ann.id() + "%'");

        assertThat(ann.call("PUT", "/api/blocks/" + bob.id(), null).code()).isEqualTo("limit_reached");
        assertThat(ann.call("PUT", "/api/blocks/full" + ann.id() + "7", null).status())
                .isEqualTo(204); // is blocked
    }

    @Test
    void anExportHasWhatSomebodyWroteAndIsNotMadeOften() {
        String direct = Talk.direct(ann, bob);
        write(ann, direct, "1");
        write(bob, direct, "1");
        block();

        RouteAnswer export = ann.get("/api/account/export");

        assertThat(export.json().get("account").get("name").stringValue()).isEqualTo(ann.name());
        assertThat(export.json().get("sessions")).hasSize(1);
        assertThat(export.json().get("blocks")).hasSize(1);
        assertThat(export.json().get("chat").get("complete").booleanValue()).isTrue();
        assertThat(export.json().get("chat").get("conversations"))
                .singleElement()
                .satisfies(part -> assertThat(part.get("messages").valueStream())
                        .isNotEmpty()
                        .allSatisfy(message ->
                                assertThat(message.get("sender").stringValue()).isEqualTo(ann.id())));
        assertThat(export.body()).doesNotContain("argon2");
        ann.get("/api/account/export");
        ann.get("/api/account/export");
        assertThat(ann.get("/api/account/export").code()).isEqualTo("rate_limited");
    }

    private void block() {
        assertThat(ann.call("PUT", "/api/blocks/" + bob.id(), null).status()).isEqualTo(204);
    }

    private static String invite(Person founder, Person invited) {
        RouteAnswer answer = founder.post("/api/conversations", Map.of("kind", "direct", "user", invited.id()));
        assertThat(answer.status()).isEqualTo(201);
        return answer.text("id");
    }

    private static RouteAnswer write(Person person, String conversation, String id) {
        return person.post(Talk.path(conversation) + "/messages", Map.of("id", id, "text", "hello"));
    }

    private static JsonNode invitations(Person person) {
        return person.get("/api/invitations").json().get("invitations");
    }
}
