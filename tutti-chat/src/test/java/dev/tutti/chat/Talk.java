package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** What people do in chats, as tests say it. What fails here, fails the test. */
final class Talk {
    private static final AtomicLong IDS = new AtomicLong();

    private Talk() {}

    /** The conversation of two who have agreed to talk. */
    static String direct(Person person, Person other) {
        String conversation = invite(person, other);
        accept(other, conversation);
        return conversation;
    }

    /** The conversation of two of whom the other has not been asked. */
    static String invite(Person person, Person other) {
        return created(person.post("/api/conversations", Map.of("kind", "direct", "user", other.id())));
    }

    static void accept(Person invited, String conversation) {
        assertThat(invited.post(path(conversation) + "/accept", null).status()).isEqualTo(200);
    }

    static String group(Person owner, Person... members) {
        return group(owner, false, members);
    }

    static String openGroup(Person owner, Person... members) {
        return group(owner, true, members);
    }

    private static String group(Person owner, boolean open, Person... members) {
        return created(owner.post(
                "/api/conversations",
                Map.of(
                        "kind",
                        "group",
                        "title",
                        "a group",
                        "open",
                        open,
                        "members",
                        Arrays.stream(members).map(Person::id).toList())));
    }

    /** Says something, and answers its seq. */
    static long say(Person person, String conversation, String text) {
        RouteAnswer answer = trySay(person, conversation, text);
        assertThat(answer.status()).isEqualTo(201);
        return answer.json().get("seq").longValue();
    }

    static RouteAnswer trySay(Person person, String conversation, String text) {
        return person.post(path(conversation) + "/messages", Map.of("id", "m" + IDS.incrementAndGet(), "text", text));
    }

    static void read(Person person, String conversation, long seq) {
        assertThat(person.post(path(conversation) + "/read", Map.of("seq", seq)).status())
                .isEqualTo(204);
    }

    static void add(Person by, String conversation, Person newcomer) {
        assertThat(by.post(path(conversation) + "/members", Map.of("user", newcomer.id()))
                        .status())
                .isEqualTo(204);
    }

    static void remove(Person by, String conversation, Person member) {
        assertThat(by.delete(path(conversation) + "/members/" + member.id()).status())
                .isEqualTo(204);
    }

    static JsonNode view(Person person, String conversation) {
        RouteAnswer answer = person.get(path(conversation));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    /** The texts of the messages, newest first. */
    static List<String> texts(Person person, String conversation, String query) {
        List<String> texts = new ArrayList<>();
        person.get(path(conversation) + "/messages" + query)
                .json()
                .get("messages")
                .forEach(message -> texts.add(message.get("text").stringValue()));
        return texts;
    }

    static String path(String conversation) {
        return "/api/conversations/" + conversation;
    }

    private static String created(RouteAnswer answer) {
        assertThat(answer.status()).as(String.valueOf(answer)).isEqualTo(201);
        return answer.json().get("id").stringValue();
    }
}
