package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.Listener;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events in a conversation that the chat has not written, or not so. */
class ForeignEventsTest extends AbstractChatTest {
    private final String conversation = Talk.group(ann, bob);

    @Test
    void bySqlNobodyWritesIntoAConversation() {
        assertThatThrownBy(() -> publish("conversation:" + conversation))
                .hasMessageContaining("forbidden: conversation:" + conversation + " is a conversation");
        assertThat(publish("user:" + ann.id())).isEqualTo("2"); // an inbox may be told by programs
    }

    private static String publish(String stream) {
        return FeatureDatabase.value(
                FeatureDatabase.shared(),
                "select tutti.publish('" + stream + "', 'message', '{\"sender\": \"x\", \"text\": \"y\"}')");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "{}",
                "{\"seq\": 1}",
                "{\"sender\": null, \"text\": \"lobster\"}",
                "{\"sender\": \"x\", \"text\": \"lobster\", \"attachments\": [null]}",
                "{\"user\": null, \"by\": null}",
                "{\"user\": {}, \"by\": \"x\"}",
                "{\"conversation\": \"no id\", \"seq\": 0}",
                "{\"user\": \"x\", \"title\": null}"
            })
    void whatCannotBeReadHidesNothingElse(String data) {
        Listener bobs = new Listener();
        instance.streams().follow(instance.chat().entitlements(bob.principal()), null, bobs);
        bobs.awaitBeginning();
        Talk.say(ann, conversation, "a lobster before");
        for (String type : List.of(
                ChatStreams.MESSAGE,
                ChatStreams.EDITED,
                ChatStreams.DELETED,
                ChatStreams.REACTED,
                ChatStreams.MEMBER_JOINED,
                ChatStreams.MEMBER_LEFT,
                ChatStreams.RENAMED,
                ChatStreams.READ)) {
            append(type, data, null);
        }
        append(ChatStreams.MESSAGE, "{\"sender\": \"" + ann.id() + "\", \"text\": \"lobster\"}", "short");
        append(ChatStreams.MESSAGE, "{\"sender\": \"" + ann.id() + "\", \"text\": \"lobster\"}", bob.id() + ".7");
        for (String type : List.of(ChatStreams.JOINED, ChatStreams.LEFT)) {
            instance.streams().append(new Append(ChatStreams.inbox(bob.id()), type, Json.of(data), null));
        }

        assertReadable("a lobster before");
        Talk.say(ann, conversation, "a lobster behind");
        assertReadable("a lobster behind", "a lobster before");
        await().untilAsserted(() -> assertThat(bobs.types("conversation:" + conversation))
                .hasSize(12)
                .endsWith(ChatStreams.MESSAGE));
        Listener late = new Listener();
        instance.streams()
                .follow(
                        instance.chat().entitlements(bob.principal()),
                        bob.get("/api/chat").text("token"),
                        late);
        late.awaitBeginning();
    }

    /** By each way to the messages, newest first. */
    private void assertReadable(String... texts) {
        assertThat(Talk.texts(bob, conversation, "")).containsExactly(texts);
        RouteAnswer list = bob.get("/api/chat");
        assertThat(list.status()).as(list.toString()).isEqualTo(200);
        assertThat(Talk.view(bob, conversation).get("memberCount").intValue()).isEqualTo(2);
        RouteAnswer found = bob.get("/api/chat/search?query=lobster");
        assertThat(found.json().get("messages").findValuesAsString("text")).containsExactly(texts);
        assertThat(bob.get("/api/account/export").status()).isEqualTo(200);
    }

    private void append(String type, String data, @Nullable String key) {
        instance.streams().append(new Append(ChatStreams.conversation(conversation), type, Json.of(data), key));
    }
}
