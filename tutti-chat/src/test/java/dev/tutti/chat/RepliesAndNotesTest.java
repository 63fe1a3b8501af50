package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.testkit.fixture.Person;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RepliesAndNotesTest extends AbstractChatTest {
    private final Person cem = instance.person();
    private final String group = Talk.group(ann, bob);

    @Test
    void aReplyHasThePlaceOfAMessageThatItsSenderSees() {
        long asked = Talk.say(ann, group, "At noon?");

        assertThat(reply(bob, "yes", asked)).isEqualTo(201);
        assertThat(messages(ann).getFirst().get("replyTo").longValue()).isEqualTo(asked);
        assertThat(messages(ann).get(1).get("replyTo").isNull()).isTrue();
        Talk.add(ann, group, cem);
        assertThat(reply(cem, "from before", asked)).isEqualTo(404);
        assertThat(reply(bob, "not a message", asked + 2)).isEqualTo(404);
        assertThat(reply(bob, "to come", 1_000)).isEqualTo(404);
        assertThat(reply(bob, "none", 0)).isEqualTo(400);
    }

    @Test
    void theOwnerRenamesAGroupAndWhatHappenedIsInItsHistory() {
        Talk.say(ann, group, "first");
        Talk.add(bob, group, cem);
        assertThat(rename(bob, "Bob's")).isEqualTo(403);
        assertThat(rename(cem, " ")).isEqualTo(400);
        assertThat(rename(ann, "By the lake")).isEqualTo(200);
        assertThat(ann.patch(Talk.path(Talk.direct(ann, bob)), Map.of("title", "Us"))
                        .status())
                .isIn(403, 409);
        Talk.remove(bob, group, bob);

        assertThat(rename(bob, "Gone")).isEqualTo(404);
        assertThat(Talk.view(cem, group).get("title").stringValue()).isEqualTo("By the lake");
        JsonNode page = ann.get(Talk.path(group) + "/messages").json();
        List<String> notes = new ArrayList<>();
        page.get("notes").forEach(note -> notes.add(note.get("type").stringValue()));
        assertThat(notes).containsExactly("member.left", "conversation.renamed", "member.joined");
        assertThat(page.get("notes").get(1).get("title").stringValue()).isEqualTo("By the lake");
        assertThat(page.get("notes").get(2).get("by").stringValue()).isEqualTo(bob.id());
        assertThat(page.get("users").has(cem.id())).isTrue();
        assertThat(cem.get(Talk.path(group) + "/messages").json().get("notes"))
                .as("of one who came later")
                .hasSize(3);
    }

    @Test
    void aGroupSaysWhoMadeItAndWhen() {
        JsonNode seen = Talk.view(bob, group);

        assertThat(seen.get("createdBy").get("id").stringValue()).isEqualTo(ann.id());
        assertThat(seen.get("createdBy").get("name").stringValue()).isEqualTo(ann.name());
        assertThat(Instant.parse(seen.get("createdAt").stringValue()))
                .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(600));
        FeatureDatabase.execute("update tutti.conversation set created_by = null where id = '" + group + "'");
        assertThat(Talk.view(bob, group).get("createdBy").isNull()).isTrue();
        assertThat(Talk.view(bob, Talk.direct(ann, bob)).get("createdBy").isNull())
                .isTrue();
    }

    private int rename(Person person, String title) {
        return person.patch(Talk.path(group), Map.of("title", title)).status();
    }

    private int reply(Person person, String id, long seq) {
        return person.post(
                        Talk.path(group) + "/messages", Map.of("id", id.replace(' ', '-'), "text", id, "replyTo", seq))
                .status();
    }

    private List<JsonNode> messages(Person person) {
        List<JsonNode> messages = new ArrayList<>();
        person.get(Talk.path(group) + "/messages").json().get("messages").forEach(messages::add);
        return messages;
    }
}
