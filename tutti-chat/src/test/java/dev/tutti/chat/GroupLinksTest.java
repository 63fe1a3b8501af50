package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.account.LimitSettings;
import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.chat.quota.QuotaSettings;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Links by which people come into groups. */
class GroupLinksTest extends AbstractChatTest {
    private final Person cem = instance.person();
    private final String group = Talk.group(ann, cem);

    @Test
    void whoeverHasALinkSeesTheGroupAndJoins() {
        Talk.say(ann, group, "before");
        String token = link(2);

        JsonNode seen = look(bob, token).json();
        assertThat(seen.get("title").stringValue()).isEqualTo("a group");
        assertThat(seen.get("memberCount").intValue()).isEqualTo(2);
        assertThat(seen.get("conversation").isNull()).isTrue();
        RouteAnswer joined = join(bob, token);
        assertThat(joined.status()).isEqualTo(200);
        assertThat(joined.text("id")).isEqualTo(group);
        assertThat(Talk.texts(bob, group, "")).as("from when one joined").isEmpty();
        assertThat(look(bob, token).text("conversation")).isEqualTo(group);
        assertThat(join(bob, token).status()).as("again").isEqualTo(200);
        assertThat(links().get(0).get("usesLeft").intValue()).isEqualTo(1);
        assertThat(join(cem, token).status()).as("a member").isEqualTo(200);
        assertThat(links().get(0).get("usesLeft").intValue()).isEqualTo(1);
        assertThat(join(instance.person(), token).status()).isEqualTo(200);
        assertThat(links()).isEmpty();
        assertThat(Talk.view(ann, group).get("memberCount").intValue()).isEqualTo(4);
        assertThat(join(bob, token).status()).as("a member, used up").isEqualTo(200);
    }

    @Test
    void aLinkThatIsNotGoodTellsNothingButThat() {
        String used = link(1);
        join(instance.person(), used);
        String revoked = link(1);
        assertThat(ann.delete(path() + "/" + links().get(0).get("id").stringValue())
                        .status())
                .isEqualTo(204);
        String expired = link(1);
        FeatureDatabase.execute("update tutti.group_link set expires_at = now() where conversation_id = '" + group
                + "' and uses_left = 1");
        String fromBefore = link(1);
        Talk.add(ann, group, bob);
        Talk.remove(ann, group, bob);

        List<RouteAnswer> answers = new ArrayList<>();
        for (String token : List.of(used, revoked, expired, fromBefore, "x".repeat(43), "short", "")) {
            answers.add(look(bob, token));
            answers.add(join(bob, token));
        }

        assertThat(answers).allMatch(answer -> answer.status() == 404);
        assertThat(answers.stream().map(answer -> answer.json().toString()).distinct())
                .hasSize(1);
        assertThat(bob.post("/api/invitations/link", Map.of()).status()).isEqualTo(400);
        assertThat(instance.stranger()
                        .post("/api/invitations/link", Map.of("token", fromBefore))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void whoWasTakenOutComesBackByANewerLinkAlone() {
        String token = link(5);
        join(bob, token);
        Talk.remove(ann, group, bob);

        assertThat(look(bob, token).status()).isEqualTo(404);
        assertThat(join(bob, token).status()).isEqualTo(404);
        assertThat(join(instance.person(), token).status()).as("another one").isEqualTo(200);
        assertThat(join(bob, link(1)).status()).isEqualTo(200);
        Talk.remove(bob, group, bob);
        assertThat(join(bob, token).status())
                .as("taken out before, whatever they did since")
                .isEqualTo(404);
        Talk.remove(cem, group, cem);
        assertThat(join(cem, token).status()).as("left by themselves").isEqualTo(200);
    }

    @Test
    void onlyTheOwnerOfAGroupHasLinks() {
        String token = link(1);
        String id = links().get(0).get("id").stringValue();

        assertThat(cem.get(path()).status()).isEqualTo(403);
        assertThat(cem.post(path(), Map.of()).status()).isEqualTo(403);
        assertThat(cem.delete(path() + "/" + id).status()).isEqualTo(403);
        assertThat(bob.post(path(), Map.of()).status()).isEqualTo(404);
        String direct = Talk.direct(ann, bob);
        assertThat(ann.post(Talk.path(direct) + "/links", Map.of()).status()).isEqualTo(403);
        assertThat(ann.delete(path() + "/none").status()).isEqualTo(404);
        String other = Talk.group(ann);
        assertThat(ann.delete(Talk.path(other) + "/links/" + id).status())
                .as("another group's")
                .isEqualTo(404);
        Talk.remove(ann, group, ann);
        assertThat(cem.get(path()).json().get("links")).as("the heir's").hasSize(1);
        assertThat(cem.delete(path() + "/" + id).status()).isEqualTo(204);
        assertThat(join(bob, token).status()).isEqualTo(404);
    }

    @Test
    void whatIsAskedOfALinkIsBounded() {
        for (Map<String, Object> wish : List.<Map<String, Object>>of(
                Map.of("uses", 0), Map.of("uses", 10_001), Map.of("hours", 0), Map.of("hours", 8_761))) {
            assertThat(ann.post(path(), wish).code()).as("%s", wish).isEqualTo("bad_request");
        }
        IntStream.range(0, GroupLinks.MOST).forEach(_ -> link(1));
        assertThat(ann.post(path(), Map.of()).code()).isEqualTo("limit_reached");
        assertThat(ann.get(path()).json().toString()).doesNotContain("token");
        FeatureDatabase.execute("update tutti.group_link set uses_left = 0 where conversation_id = '" + group + "'");
        link(1);
        assertThat(FeatureDatabase.value(
                        FeatureDatabase.shared(),
                        "select count(*)::text from tutti.group_link where conversation_id = '" + group + "'"))
                .as("those that are used up make way")
                .isEqualTo("1");
    }

    @Test
    void ofManyWhoJoinAtOnceAsManyComeInAsTheLinkHasUses() {
        String token = link(3);
        List<Person> people =
                IntStream.range(0, 10).mapToObj(_ -> instance.person()).toList();

        List<RouteAnswer> answers = Together.run(10, i -> join(people.get(i), token));

        assertThat(answers.stream().map(RouteAnswer::status).sorted())
                .containsExactly(200, 200, 200, 404, 404, 404, 404, 404, 404, 404);
        assertThat(Talk.view(ann, group).get("memberCount").intValue()).isEqualTo(5);
    }

    @Test
    void aFullGroupAndAQuotaHoldAndTheLinkIsNotUsedUp() {
        String token = link(1);
        FeatureDatabase.execute("update tutti.conversation set member_count = 20000 where id = '" + group + "'");
        assertThat(join(bob, token).code()).isEqualTo("limit_reached");
        FeatureDatabase.execute("update tutti.conversation set member_count = 2 where id = '" + group + "'");
        try (TestInstance strict = new TestInstance(new QuotaSettings(300, 1, 1))) {
            assertThat(join(bob.at(strict), token).code()).isEqualTo("quota_exceeded");
        }
        assertThat(join(bob, token).status()).isEqualTo(200);
    }

    @Test
    void anAddressHasSoManyWrongTriesAndRightOnesDoNotCount() {
        String token = link(50);
        try (TestInstance strict =
                new TestInstance(TestInstance.SETTINGS.withLimits(new LimitSettings(100_000, 4, 100_000)))) {
            for (int i = 0; i < 20; i++) {
                assertThat(look(bob.at(strict), token).status()).isEqualTo(200);
            }
            List<Integer> wrong = IntStream.range(0, 5)
                    .mapToObj(_ -> join(bob.at(strict), "x".repeat(43)).status())
                    .toList();

            assertThat(wrong).containsExactly(404, 404, 404, 404, 429);
            assertThat(look(bob.at(strict), token).code()).isEqualTo("rate_limited");
        }
    }

    private String path() {
        return Talk.path(group) + "/links";
    }

    private String link(int uses) {
        RouteAnswer made = ann.post(path(), Map.of("uses", uses, "hours", 1));
        assertThat(made.status()).as(String.valueOf(made)).isEqualTo(201);
        return made.text("token");
    }

    private JsonNode links() {
        return ann.get(path()).json().get("links");
    }

    private static RouteAnswer look(Person person, String token) {
        return person.post("/api/invitations/link", Map.of("token", token));
    }

    private static RouteAnswer join(Person person, String token) {
        return person.post("/api/invitations/link/join", Map.of("token", token));
    }
}
