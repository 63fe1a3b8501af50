package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.stream.Append;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MessagesTest extends AbstractChatTest {
    private final String conversation = Talk.direct(ann, bob);

    @Test
    void aMessageIsOneEvent() {
        RouteAnswer answer =
                ann.post(Talk.path(conversation) + "/messages", Map.of("id", "one", "text", "Grüße 👋\nBob"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("id")).isEqualTo("one");
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.seq()).isEqualTo(answer.json().get("seq").longValue());
            assertThat(event.at()).isEqualTo(answer.text("at"));
            assertThat(event.type()).isEqualTo("message");
            assertThat(event.key()).isEqualTo(ann.id() + ".one");
            assertThat(event.data().toString())
                    .isEqualTo("{\"sender\":\"" + ann.id() + "\",\"text\":\"Grüße 👋\\nBob\"}");
        });
    }

    @Test
    void whatBecameOfMessagesThatTheLogHasForgottenIsForgottenToo() {
        long edited = Talk.say(ann, conversation, "a");
        long deleted = Talk.say(ann, conversation, "b");
        ann.patch(path(edited), Map.of("text", "a secret"));
        ann.delete(path(deleted));
        assertThat(changed()).isEqualTo("2");
        String forgotten = "update tutti.message_change set changed_at = '2000-01-01' where conversation_id = '"
                + conversation + "'";

        FeatureDatabase.execute(forgotten);
        ann.patch(path(Talk.say(ann, conversation, "c")), Map.of("text", "kept"));
        assertThat(changed()).isEqualTo("1");

        FeatureDatabase.execute(forgotten);
        ann.get("/api/chat/search?query=c");
        assertThat(changed()).isEqualTo("0");
    }

    private String changed() {
        return FeatureDatabase.value(
                FeatureDatabase.shared(),
                "select count(*)::text from tutti.message_change where conversation_id = '" + conversation + "'");
    }

    private String path(long seq) {
        return Talk.path(conversation) + "/messages/" + seq;
    }

    @Test
    void aMessageSentAgainIsTheSameMessage() {
        Map<String, String> message = Map.of("id", "one", "text", "hello");
        RouteAnswer first = ann.post(Talk.path(conversation) + "/messages", message);
        RouteAnswer second = ann.post(Talk.path(conversation) + "/messages", message);
        RouteAnswer others = bob.post(Talk.path(conversation) + "/messages", message);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(others.status()).isEqualTo(201);
        assertThat(events()).hasSize(2);
    }

    @Test
    void historyIsPagedBackwards() {
        for (int i = 1; i <= 25; i++) {
            Talk.say(i % 2 == 0 ? ann : bob, conversation, "message " + i);
        }

        List<String> seen = new ArrayList<>();
        String query = "?limit=10";
        for (int page = 0; page < 3; page++) {
            JsonNode history =
                    ann.get(Talk.path(conversation) + "/messages" + query).json();
            history.get("messages").forEach(m -> seen.add(m.get("text").stringValue()));
            assertThat(history.get("more").booleanValue()).isEqualTo(page < 2);
            assertThat(history.get("users").size()).isEqualTo(2);
            JsonNode messages = history.get("messages");
            query = "?limit=10&before="
                    + messages.get(messages.size() - 1).get("seq").longValue();
        }

        assertThat(seen).hasSize(25).startsWith("message 25").endsWith("message 1");
    }

    @Test
    void historyLeavesOutWhatIsNoMessage() {
        Talk.say(ann, conversation, "first");
        long seq = 1;
        for (int i = 0; i < 30; i++) {
            seq = Talk.say(bob, conversation, "message " + i);
            Talk.read(ann, conversation, seq);
        }

        assertThat(Talk.texts(ann, conversation, "?limit=200")).hasSize(31).endsWith("first");
        JsonNode page = ann.get(Talk.path(conversation) + "/messages?limit=2").json();
        assertThat(page.get("messages")).hasSize(2);
        assertThat(page.get("more").booleanValue()).isTrue();
    }

    @Test
    void historyPagesThroughALongRunOfOtherEvents() {
        Talk.say(ann, conversation, "first");
        instance.streams().append(new Append(ChatStreams.conversation(conversation), "read", Json.of("{}")));
        for (int batch = 0; batch < 6; batch++) {
            List<CompletableFuture<?>> reads = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                reads.add(instance.streams()
                        .appendAsync(new Append(ChatStreams.conversation(conversation), "read", Json.of("{}"))));
            }
            reads.forEach(CompletableFuture::join);
        }

        JsonNode page = ann.get(Talk.path(conversation) + "/messages").json();
        assertThat(page.get("messages")).isEmpty();
        assertThat(page.get("more").booleanValue()).isTrue();
        assertThat(Talk.texts(ann, conversation, "?before=" + page.get("before").longValue()))
                .containsExactly("first");
    }

    /** Receipts read receipts, edits edit what is old: none of it is a message, and none of it hides one. */
    @Test
    void aFloodOfReceiptsAndEditsHidesNoPreview() {
        long old = Talk.say(bob, conversation, "old");
        Talk.say(bob, conversation, "the last one");
        for (int i = 0; i < 1_010; i++) {
            assertThat(bob.patch(message(old), Map.of("text", "edit " + i)).status())
                    .isEqualTo(200);
        }

        JsonNode view = Talk.view(ann, conversation);

        assertThat(view.get("lastMessage").get("text").stringValue()).isEqualTo("the last one");
        assertThat(view.get("unread").intValue()).isPositive();
    }

    @Test
    void thereAreNoMoreReceiptsThanMessages() {
        long seq = Talk.say(ann, conversation, "hello");
        for (int i = 0; i < 50; i++) {
            long head = Talk.view(bob, conversation).get("lastSeq").longValue();
            Talk.read(bob, conversation, head);
            Talk.read(ann, conversation, head);
        }

        JsonNode view = Talk.view(bob, conversation);
        assertThat(view.get("readSeq").longValue()).isEqualTo(seq);
        assertThat(view.get("lastSeq").longValue()).isEqualTo(seq + 2);
    }

    @Test
    void anEditedMessageReadsAsEdited() {
        long seq = Talk.say(ann, conversation, "helo");

        RouteAnswer edit = ann.patch(message(seq), Map.of("text", "hello"));
        ann.patch(message(seq), Map.of("text", "hello!"));

        assertThat(edit.json().get("seq").longValue()).isEqualTo(2);
        JsonNode shown = Talk.view(bob, conversation).get("lastMessage");
        assertThat(shown.get("text").stringValue()).isEqualTo("hello!");
        assertThat(shown.get("editedAt").stringValue())
                .isEqualTo(events().get(2).at().toString());
        assertThat(Talk.texts(bob, conversation, "")).containsExactly("hello!");
        assertThat(events().get(1).data().toString())
                .isEqualTo("{\"seq\":1,\"sender\":\"" + ann.id() + "\",\"text\":\"hello\"}");
    }

    @Test
    void aDeletedMessageHasNoText() {
        long seq = Talk.say(ann, conversation, "secret");
        ann.patch(message(seq), Map.of("text", "secrets"));

        RouteAnswer first = ann.delete(message(seq));
        RouteAnswer again = ann.delete(message(seq));

        assertThat(first.json().get("seq").longValue()).isEqualTo(3);
        assertThat(again).isEqualTo(first);
        JsonNode shown = Talk.view(bob, conversation).get("lastMessage");
        assertThat(shown.get("deleted").booleanValue()).isTrue();
        assertThat(shown.get("text").stringValue()).isEmpty();
        assertThat(ann.patch(message(seq), Map.of("text", "again")).code()).isEqualTo("conflict");
        assertThat(events()).hasSize(3);
    }

    @Test
    void aGroupsOwnerDeletesWhatOthersSaid() {
        String group = Talk.group(ann, bob);
        long seq = Talk.say(bob, group, "rude");

        assertThat(ann.delete(Talk.path(group) + "/messages/" + seq).status()).isEqualTo(200);

        assertThat(Talk.texts(bob, group, "")).containsExactly("");
    }

    @Test
    void whatIsNoMessageIsNeitherEditedNorDeleted() {
        long seq = Talk.say(ann, conversation, "hello");
        Talk.read(bob, conversation, seq);

        assertThat(ann.patch(message(2), Map.of("text", "x")).code()).isEqualTo("not_found");
        assertThat(bob.delete(message(2)).code()).isEqualTo("not_found");
        assertThat(ann.delete(message(99)).code()).isEqualTo("not_found");
    }

    private String message(long seq) {
        return Talk.path(conversation) + "/messages/" + seq;
    }

    private List<Event> events() {
        return instance.streams().read(ChatStreams.conversation(conversation), new Range.After(0), 100)
                        instanceof ReadResult.Page(List<Event> events, boolean _)
                ? events
                : List.of();
    }
}
