package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ConversationsTest extends AbstractChatTest {
    private final Person cem = instance.person();

    @Test
    void twoPeopleAlwaysHaveTheSameConversation() {
        String conversation = Talk.direct(ann, bob);

        assertThat(Talk.direct(bob, ann)).isEqualTo(conversation);
        assertThat(Talk.direct(ann, cem)).isNotEqualTo(conversation);
        JsonNode view = Talk.view(bob, conversation);
        assertThat(view.get("kind").stringValue()).isEqualTo("direct");
        assertThat(view.get("title").isNull()).isTrue();
        assertThat(view.get("memberCount").intValue()).isEqualTo(2);
        assertThat(view.get("lastMessage").isNull()).isTrue();
        assertThat(ids(view.get("members"))).containsExactlyInAnyOrder(ann.id(), bob.id());
    }

    @Test
    void oneDoesNotTalkToOneself() {
        assertThat(ann.post("/api/conversations", Map.of("kind", "direct", "user", ann.id()))
                        .code())
                .isEqualTo("bad_request");
    }

    @Test
    void oneTalksToPeopleWhoAreThere() {
        assertThat(ann.post("/api/conversations", Map.of("kind", "direct", "user", "nobody"))
                        .code())
                .isEqualTo("not_found");
        assertThat(ann.post(
                                "/api/conversations",
                                Map.of("kind", "group", "title", "t", "members", List.of(bob.id(), "nobody")))
                        .code())
                .isEqualTo("not_found");
    }

    @Test
    void whoMakesAGroupOwnsIt() {
        String group = Talk.group(ann, bob, cem, bob, ann);

        assertThat(Talk.view(bob, group).get("memberCount").intValue()).isEqualTo(3);
        assertThat(roles(ann, group)).isEqualTo(Map.of(ann.id(), "owner", bob.id(), "member", cem.id(), "member"));
    }

    @Test
    void theOverviewShowsWhatIsNew() {
        String quiet = Talk.group(ann, bob);
        String busy = Talk.direct(ann, bob);
        Talk.say(bob, busy, "one");
        Talk.say(ann, busy, "two");
        long last = Talk.say(bob, busy, "three");

        JsonNode chat = ann.get("/api/chat").json();

        assertThat(chat.get("me").get("id").stringValue()).isEqualTo(ann.id());
        assertThat(chat.get("token").stringValue()).isNotEmpty();
        assertThat(ids(chat.get("conversations"))).containsExactly(busy, quiet);
        JsonNode first = chat.get("conversations").get(0);
        assertThat(first.get("unread").intValue()).isEqualTo(2);
        assertThat(first.get("lastSeq").longValue()).isEqualTo(last);
        assertThat(first.get("lastMessage").get("text").stringValue()).isEqualTo("three");
        assertThat(first.get("lastMessage").get("sender").stringValue()).isEqualTo(bob.id());
        assertThat(chat.get("users").get(bob.id()).get("name").stringValue()).isEqualTo(bob.name());
        assertThat(chat.get("users").get(ann.id()).get("name").stringValue()).isEqualTo(ann.name());
    }

    @Test
    void theOverviewNamesWhoSaidTheLastWordAndLeft() {
        String group = Talk.group(ann, bob);
        Talk.say(bob, group, "bye");
        Talk.remove(bob, group, bob);

        JsonNode chat = ann.get("/api/chat").json();

        assertThat(chat.get("users").get(bob.id()).get("name").stringValue()).isEqualTo(bob.name());
    }

    @Test
    void theOverviewOfSomebodyNewIsEmpty() {
        RouteAnswer answer = cem.get("/api/chat");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("conversations")).isEmpty();
    }

    @Test
    void unreadMessagesAreCountedUpToAHundred() {
        String conversation = Talk.direct(ann, bob);
        for (int i = 0; i < 105; i++) {
            Talk.say(bob, conversation, "message " + i);
        }

        assertThat(Talk.view(ann, conversation).get("unread").intValue()).isEqualTo(100);
        assertThat(Talk.view(bob, conversation).get("unread").intValue()).isZero();
    }

    @Test
    void everyMemberIsToldTheirRole() {
        String group = Talk.group(ann, bob);

        assertThat(Talk.view(ann, group).get("role").stringValue()).isEqualTo("owner");
        assertThat(Talk.view(bob, group).get("role").stringValue()).isEqualTo("member");
        assertThat(Talk.view(ann, Talk.direct(ann, bob)).get("role").stringValue())
                .isEqualTo("member");
    }

    @Test
    void whatWasReadOnlyMovesForward() {
        String conversation = Talk.direct(ann, bob);
        long one = Talk.say(bob, conversation, "one");
        long two = Talk.say(bob, conversation, "two");
        Talk.say(bob, conversation, "three");

        Talk.read(ann, conversation, two);
        Talk.read(ann, conversation, one);

        JsonNode view = Talk.view(ann, conversation);
        assertThat(view.get("readSeq").longValue()).isEqualTo(two);
        assertThat(view.get("unread").intValue()).isEqualTo(1);
        // who has read what is an event too, and no message
        assertThat(view.get("lastSeq").longValue()).isEqualTo(4);
        assertThat(view.get("lastMessage").get("text").stringValue()).isEqualTo("three");
    }

    @Test
    void whatIsNotYetThereCannotHaveBeenRead() {
        String conversation = Talk.direct(ann, bob);
        Talk.say(bob, conversation, "one");

        for (long seq : List.of(2L, 3L, 999_999_999_999_999L)) {
            assertThat(ann.post(Talk.path(conversation) + "/read", Map.of("seq", seq))
                            .code())
                    .as("%d of 1", seq)
                    .isEqualTo("bad_request");
        }
    }

    @Test
    void whoJoinsSeesWhatComesFromThenOn() {
        String group = Talk.openGroup(ann, bob);
        Talk.say(ann, group, "before");

        assertThat(cem.post(Talk.path(group) + "/join", null).status()).isEqualTo(204);
        assertThat(cem.post(Talk.path(group) + "/join", null).status()).isEqualTo(204);
        Talk.say(ann, group, "after");

        assertThat(Talk.texts(cem, group, "")).containsExactly("after");
        assertThat(Talk.texts(bob, group, "")).containsExactly("after", "before");
        JsonNode view = Talk.view(cem, group);
        assertThat(view.get("joinedSeq").longValue()).isEqualTo(1);
        assertThat(view.get("unread").intValue()).isEqualTo(1);
        assertThat(view.get("memberCount").intValue()).isEqualTo(3);
        assertThat(view.get("lastSeq").longValue()).isEqualTo(3);
    }

    @Test
    void whoComesBackSeesNothingOfTheTimeBetween() {
        String group = Talk.group(ann, bob);
        Talk.say(ann, group, "one");
        Talk.remove(bob, group, bob);
        Talk.say(ann, group, "two");
        Talk.add(ann, group, bob);

        assertThat(Talk.texts(bob, group, "")).isEmpty();
        assertThat(Talk.view(bob, group).get("lastMessage").isNull()).isTrue();
    }

    @Test
    void whenTheOwnerLeavesTheOldestMemberOwnsTheGroup() {
        String group = Talk.group(ann, bob);
        Talk.add(bob, group, cem);

        Talk.remove(ann, group, ann);

        assertThat(roles(cem, group)).isEqualTo(Map.of(bob.id(), "owner", cem.id(), "member"));
        Talk.remove(bob, group, cem);
    }

    @Test
    void whenTheLastOneLeavesTheGroupIsClosed() {
        String group = Talk.openGroup(ann);
        Talk.remove(ann, group, ann);

        assertThat(bob.post(Talk.path(group) + "/join", null).code()).isEqualTo("not_found");
        assertThat(ann.get(Talk.path(group)).code()).isEqualTo("not_found");
        assertThat(ids(bob.get("/api/groups?query=a+group").json().get("groups")))
                .doesNotContain(group);
    }

    @Test
    void directConversationsKeepTheirTwoPeople() {
        String conversation = Talk.direct(ann, bob);

        assertThat(ann.post(Talk.path(conversation) + "/members", Map.of("user", cem.id()))
                        .code())
                .isEqualTo("conflict");
        assertThat(ann.delete(Talk.path(conversation) + "/members/" + ann.id()).code())
                .isEqualTo("conflict");
        assertThat(cem.post(Talk.path(conversation) + "/join", null).code()).isEqualTo("not_found");
    }

    @Test
    void membersArePagedByTheirIds() {
        String group = Talk.group(ann, bob, cem);

        JsonNode first = ann.get(Talk.path(group) + "/members?limit=2").json();
        assertThat(first.get("members")).hasSize(2);
        assertThat(first.get("more").booleanValue()).isTrue();
        String last = first.get("members").get(1).get("user").get("id").stringValue();
        JsonNode second =
                ann.get(Talk.path(group) + "/members?limit=2&after=" + last).json();
        assertThat(second.get("members")).hasSize(1);
        assertThat(second.get("more").booleanValue()).isFalse();
    }

    @Test
    void peopleAreFoundByTheBeginningOfEitherName() {
        String mark = "q" + Long.toString(System.nanoTime(), 36);
        Person byName = instance.person(mark + "a", "Somebody");
        Person byDisplayName = instance.person("z" + mark, mark.toUpperCase(Locale.ROOT) + " Émile");

        assertThat(ids(ann.get("/api/users?query=" + mark).json().get("users")))
                .containsExactly(byName.id(), byDisplayName.id());
        assertThat(ids(ann.get("/api/users?query=" + mark + "%20ÉM").json().get("users")))
                .containsExactly(byDisplayName.id());
        byName.patch("/api/account", Map.of("displayName", mark + " Zoë"));
        assertThat(ids(ann.get("/api/users?query=" + mark + "%20zo").json().get("users")))
                .as("under another name from now on")
                .containsExactly(byName.id());
        assertThat(ann.get("/api/users?query=" + mark + "%25").json().get("users"))
                .isEmpty();
        assertThat(ann.get("/api/users").json().get("users")).hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void openGroupsAreFoundByThoseWhoAreNotInThem() {
        String title = "Öffentlich " + Long.toString(System.nanoTime(), 36);
        String open = open(title + " 1", true);
        open(title + " 2", false);

        assertThat(ids(bob.get("/api/groups?query="
                                + title.toUpperCase(Locale.ROOT).replace(" ", "%20"))
                        .json()
                        .get("groups")))
                .containsExactly(open);
        assertThat(ann.get("/api/groups?query=" + title.replace(" ", "%20"))
                        .json()
                        .get("groups"))
                .isEmpty();
    }

    private String open(String title, boolean open) {
        return ann.post("/api/conversations", Map.of("kind", "group", "title", title, "open", open))
                .json()
                .get("id")
                .stringValue();
    }

    private static List<String> ids(JsonNode list) {
        List<String> ids = new ArrayList<>();
        list.forEach(item -> ids.add(item.get("id").stringValue()));
        return ids;
    }

    private static Map<String, String> roles(Person person, String conversation) {
        Map<String, String> roles = new HashMap<>();
        person.get(Talk.path(conversation) + "/members")
                .json()
                .get("members")
                .forEach(member -> roles.put(
                        member.get("user").get("id").stringValue(),
                        member.get("role").stringValue()));
        return roles;
    }
}
