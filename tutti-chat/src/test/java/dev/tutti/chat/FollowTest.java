package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.chat.fixture.Listener;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.testkit.fixture.Person;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Follow subscriptions: which events they bring to whom. */
class FollowTest {
    private final TestInstance instance = new TestInstance();
    private final TestInstance elsewhere = new TestInstance();
    private final Person ann = instance.person();
    private final Person bob = instance.person().at(elsewhere);
    private final Person cem = instance.person();

    @AfterEach
    void close() {
        instance.close();
        elsewhere.close();
    }

    @Test
    void everybodyInTheConversationHearsWhatIsSaid() {
        String conversation = Talk.direct(ann, bob);
        Listener anns = listen(ann);
        Listener bobs = listen(bob);
        Listener cems = listen(cem);

        Talk.say(ann, conversation, "hello");
        Talk.say(bob, conversation, "hi");

        await().untilAsserted(() -> {
            assertThat(anns.types("conversation:" + conversation)).containsExactly("message", "message");
            assertThat(bobs.types("conversation:" + conversation)).containsExactly("message", "message");
        });
        assertThat(cems.all()).isEmpty();
    }

    @Test
    void whoIsAddedHearsFromThenOnAndWhoIsRemovedHearsThatLast() {
        String group = Talk.group(ann);
        Talk.say(ann, group, "before");
        Listener bobs = listen(bob);

        Talk.add(ann, group, bob);
        Talk.say(ann, group, "hello");
        await().untilAsserted(
                        () -> assertThat(bobs.types("conversation:" + group)).endsWith("message"));
        Talk.remove(ann, group, bob);
        Talk.say(ann, group, "gone");
        String next = Talk.direct(ann, bob);
        Talk.say(ann, next, "bye");

        await().untilAsserted(
                        () -> assertThat(bobs.types("conversation:" + next)).containsExactly("message"));
        await().untilAsserted(() -> assertThat(bobs.types("conversation:" + group))
                .containsExactly("member.joined", "message", "member.left"));
        assertThat(bobs.types("user:" + bob.id()))
                .containsExactly("conversation.joined", "conversation.left", "conversation.joined");
    }

    @Test
    void whoWasRemovedReadsNothingWhateverTheTokenSays() {
        String group = Talk.openGroup(ann, bob);
        String token = bob.get("/api/chat").text("token");
        Talk.say(ann, group, "while bob was in it");
        Talk.remove(ann, group, bob);
        Talk.say(ann, group, "between");
        Listener old = follow(bob, token);
        Listener lying = follow(bob, token + "~conversation:" + group + "@5~user:" + bob.id() + "@1");
        String next = Talk.direct(ann, bob);
        Talk.say(ann, next, "bye");
        await().untilAsserted(() -> {
            assertThat(old.types("conversation:" + next)).containsExactly("message");
            assertThat(lying.types("conversation:" + next)).containsExactly("message");
        });
        assertThat(old.types("conversation:" + group)).isEmpty();
        assertThat(lying.types("conversation:" + group)).isEmpty();

        assertThat(bob.post(Talk.path(group) + "/join", null).status()).isEqualTo(204);
        Talk.say(ann, group, "again");
        await().untilAsserted(() ->
                assertThat(old.types("conversation:" + group)).containsExactly("member.joined", "message"));
    }

    @Test
    void anOldPositionDoesNotBringBackWhatWasEditedOrDeleted() {
        String conversation = Talk.direct(ann, bob);
        String token = bob.get("/api/chat").text("token");
        long edited = Talk.say(ann, conversation, "a first secret");
        long deleted = Talk.say(ann, conversation, "a second secret");
        String path = Talk.path(conversation) + "/messages/";
        assertThat(ann.patch(path + edited, Map.of("text", "edited")).status()).isLessThan(300);
        assertThat(ann.delete(path + deleted).status()).isLessThan(300);

        Listener late = follow(bob, token);

        await().untilAsserted(() -> assertThat(late.types("conversation:" + conversation))
                .containsExactly("message", "message", "message.edited", "message.deleted"));
        assertThat(late.all()).noneMatch(event -> event.data().toString().contains("secret"));
        assertThat(late.all().getFirst().data().toString()).contains("edited");
    }

    @Test
    void whoLeavesAndComesBackAtOnceHearsEverythingAfterwards() {
        String group = Talk.openGroup(ann, bob);
        Listener bobs = listen(bob);

        for (int i = 0; i < 10; i++) {
            Talk.remove(bob, group, bob);
            assertThat(bob.post(Talk.path(group) + "/join", null).status()).isEqualTo(204);
        }
        Talk.say(ann, group, "still there?");

        await().untilAsserted(
                        () -> assertThat(bobs.types("conversation:" + group)).endsWith("message"));
    }

    @Test
    void theOverviewAndTheFeedBehindItsTokenAreTheWholeStory() {
        String conversation = Talk.direct(ann, bob);
        Talk.say(ann, conversation, "one");
        String token = bob.get("/api/chat").text("token");
        Talk.say(ann, conversation, "two");
        long seq = Talk.say(ann, conversation, "three");
        Talk.read(bob, conversation, seq);
        String second = Talk.group(cem, bob);

        Listener late = new Listener();
        elsewhere.streams().follow(elsewhere.chat().entitlements(bob.principal()), token, late);

        await().untilAsserted(() -> {
            assertThat(late.types("conversation:" + conversation)).containsExactly("message", "message", "read");
            assertThat(late.types("user:" + bob.id())).containsExactly("conversation.joined");
        });
        Talk.say(cem, second, "welcome");
        await().untilAsserted(
                        () -> assertThat(late.types("conversation:" + second)).isEqualTo(List.of("message")));
    }

    @Test
    void whoAcceptedElsewhereWhileAwayIsGivenTheConversationFromItsStart() {
        String conversation = Talk.invite(ann, bob);
        Talk.say(ann, conversation, "hello");
        Talk.say(ann, conversation, "are you there?");
        String token = bob.get("/api/chat").text("token"); // a position at which the conversation has two messages
        Talk.accept(bob, conversation);
        Talk.say(ann, conversation, "welcome");
        String stream = "conversation:" + conversation;
        String knowsOfIt = token + "~user:" + bob.id() + "@2"; // of the invitation, and of having joined

        Listener late = follow(bob, token);
        Listener cutBehindThat = follow(bob, knowsOfIt);
        Listener cutLater = follow(bob, knowsOfIt + "~" + stream + "@1");

        await().untilAsserted(() -> assertThat(late.types(stream)).containsExactly("message", "message", "message"));
        await().untilAsserted(
                        () -> assertThat(cutBehindThat.types(stream)).containsExactly("message", "message", "message"));
        await().untilAsserted(() -> assertThat(cutLater.types(stream)).containsExactly("message", "message"));
        assertThat(late.types("user:" + bob.id())).containsExactly("conversation.joined");
        String later = bob.get("/api/chat").text("token");
        Talk.say(ann, conversation, "bye");
        Listener again = follow(bob, later);
        await().untilAsserted(() -> assertThat(again.types(stream)).containsExactly("message"));
    }

    @Test
    void whatOneReadsInACrowdOnlyOnesOwnDevicesHear() {
        Person[] crowd = new Person[Receipts.TOLD];
        for (int i = 0; i < crowd.length; i++) {
            crowd[i] = i == 0 ? bob : instance.person();
        }
        String group = Talk.group(ann, crowd);
        long seq = Talk.say(ann, group, "hello");
        Listener anns = listen(ann);
        Listener bobs = listen(bob);

        Talk.read(bob, group, seq);
        Talk.say(ann, group, "bye");

        await().untilAsserted(() -> {
            assertThat(bobs.types("user:" + bob.id())).containsExactly("read");
            assertThat(anns.types("conversation:" + group)).containsExactly("message");
        });
    }

    private static Listener listen(Person person) {
        Listener listener = follow(person, null);
        listener.awaitBeginning();
        return listener;
    }

    private static Listener follow(Person person, @Nullable String token) {
        Listener listener = new Listener();
        TestInstance at = TestInstance.of(person);
        at.streams().follow(at.chat().entitlements(person.principal()), token, listener);
        return listener;
    }
}
