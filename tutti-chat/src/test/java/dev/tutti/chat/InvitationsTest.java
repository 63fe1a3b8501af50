package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.chat.fixture.TestNamespace;
import dev.tutti.chat.fixture.TestSocket;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class InvitationsTest extends AbstractChatTest {
    @Test
    void whoIsInvitedSeesTheInvitationWithTheFirstMessageAndNothingElse() {
        String conversation = Talk.invite(ann, bob);
        assertThat(ids(bob, "invitations")).isEmpty();

        Talk.say(ann, conversation, "hello");

        assertThat(ids(bob, "invitations")).containsExactly(conversation);
        assertThat(ids(bob, "conversations")).isEmpty();
        JsonNode invitation = overview(bob).get("invitations").get(0);
        assertThat(invitation.get("invitation").stringValue()).isEqualTo("received");
        assertThat(invitation.get("lastMessage").get("text").stringValue()).isEqualTo("hello");
        assertThat(invitation.get("members")).hasSize(2);
        assertThat(bob.get(Talk.path(conversation) + "/messages").code()).isEqualTo("not_found");
        assertThat(bob.get(Talk.path(conversation) + "/members").code()).isEqualTo("not_found");
        assertThat(types(bob)).containsExactly("invitation");
        Talk.say(ann, conversation, "are you there?");
        assertThat(types(bob)).containsExactly("invitation");
        assertThat(bob.get("/api/invitations").json().get("invitations")).hasSize(1);
    }

    @Test
    void aRepeatedInvitationIsToldWithTheNextMessageHoweverSoonThatComes() {
        AtomicLong nanos = new AtomicLong();
        try (TestInstance still = new TestInstance(TestInstance.SETTINGS, nanos::get)) {
            Person anns = ann.at(still);
            String conversation = Talk.invite(anns, bob);
            Talk.say(anns, conversation, "hello");
            nanos.addAndGet(Duration.ofSeconds(2).toNanos()); // what is remembered from now on does not get old
            bob.post(Talk.path(conversation) + "/decline", null);
            FeatureDatabase.execute("update tutti.invitation set declined_at = now() - interval '31 days'"
                    + " where conversation_id = '" + conversation + "'");
            Talk.say(anns, conversation, "are you there?");

            assertThat(Talk.invite(anns, bob)).isEqualTo(conversation);
            Talk.say(anns, conversation, "hello again");

            assertThat(ids(bob, "invitations")).containsExactly(conversation);
        }
    }

    @Test
    void whoAcceptsIsInItFromTheStart() {
        String conversation = Talk.invite(ann, bob);
        Talk.say(ann, conversation, "hello");
        assertThat(Talk.view(ann, conversation).get("invitation").stringValue()).isEqualTo("sent");

        Talk.accept(bob, conversation);

        assertThat(ids(bob, "conversations")).containsExactly(conversation);
        assertThat(ids(bob, "invitations")).isEmpty();
        assertThat(Talk.texts(bob, conversation, "")).containsExactly("hello");
        assertThat(Talk.view(ann, conversation).get("invitation").isNull()).isTrue();
        assertThat(Talk.view(ann, conversation).get("memberCount").intValue()).isEqualTo(2);
        assertThat(types(bob)).containsExactly("invitation", "conversation.joined");
        assertThat(types(ann)).containsExactly("conversation.joined", "invitation.accepted");
        Talk.accept(bob, conversation); // once more, without effect
        assertThat(types(bob)).hasSize(2);
    }

    @Test
    void whoAnswersHasAcceptedAndSoHasWhoTurnsToTheFounder() {
        String one = Talk.invite(ann, bob);
        Talk.say(ann, one, "hello");
        Talk.say(bob, one, "hello, ann");
        assertThat(Talk.texts(ann, one, "")).containsExactly("hello, ann", "hello");

        Person cem = instance.person();
        String two = Talk.invite(ann, cem);
        assertThat(Talk.invite(cem, ann)).isEqualTo(two);
        assertThat(ids(cem, "conversations")).containsExactly(two);
    }

    @Test
    void whoDeclinesIsNotAskedAgainAndTheFounderIsNotTold() {
        String conversation = Talk.invite(ann, bob);
        Talk.say(ann, conversation, "hello");

        assertThat(bob.post(Talk.path(conversation) + "/decline", null).status())
                .isEqualTo(204);

        assertThat(ids(bob, "invitations")).isEmpty();
        assertThat(Talk.invite(ann, bob)).isEqualTo(conversation);
        Talk.say(ann, conversation, "hello?");
        assertThat(ids(bob, "invitations")).isEmpty();
        assertThat(types(ann)).containsExactly("conversation.joined");
        assertThat(Talk.view(ann, conversation).get("invitation").stringValue()).isEqualTo("sent");
        // a no can be changed into a yes
        assertThat(Talk.invite(bob, ann)).isEqualTo(conversation);
        assertThat(ids(bob, "conversations")).containsExactly(conversation);
    }

    @Test
    void afterAMonthTheFounderMayAskAgain() {
        String conversation = Talk.invite(ann, bob);
        Talk.say(ann, conversation, "hello");
        bob.post(Talk.path(conversation) + "/decline", null);
        FeatureDatabase.execute("update tutti.invitation set declined_at = now() - interval '31 days'"
                + " where conversation_id = '" + conversation + "'");

        Talk.invite(ann, bob);
        Talk.say(ann, conversation, "me again");

        assertThat(ids(bob, "invitations")).containsExactly(conversation);
    }

    @Test
    void othersAnswerNobodysInvitation() {
        String conversation = Talk.invite(ann, bob);
        Talk.say(ann, conversation, "hello");
        Person eve = instance.person();

        assertThat(eve.post(Talk.path(conversation) + "/accept", null).code()).isEqualTo("not_found");
        assertThat(Talk.trySay(eve, conversation, "hello").code()).isEqualTo("not_found");
        eve.post(Talk.path(conversation) + "/decline", null);
        ann.post(Talk.path(conversation) + "/decline", null);
        assertThat(ids(bob, "invitations")).containsExactly(conversation);
    }

    @Test
    void invitationsAreAnsweredOverSocketIo() {
        TestNamespace namespace = instance.namespace();
        instance.chat().sockets(namespace);
        TestSocket socket = namespace.connect(Map.of("token", bob.token()), Map.of());
        String one = Talk.invite(ann, bob);
        Talk.say(ann, one, "hello");

        assertThat(socket.ask("invitation:accept", Map.of("conversation", one))
                        .get("ok")
                        .booleanValue())
                .isTrue();
        assertThat(ids(bob, "conversations")).containsExactly(one);
        assertThat(socket.ask("invitation:decline", Map.of("conversation", "x"))
                        .get("ok")
                        .booleanValue())
                .isTrue();
        assertThat(socket.ask("invitation:accept", Map.of("conversation", "x"))
                        .get("error")
                        .get("code")
                        .stringValue())
                .isEqualTo("not_found");
    }

    @Test
    void oneFounderHasSoManyOpenOnesAndNoMore() {
        for (int i = 0; i < Invitations.MOST_OF_FOUNDER; i++) {
            Talk.invite(ann, instance.person());
        }

        assertThat(ann.post("/api/conversations", Map.of("kind", "direct", "user", bob.id()))
                        .code())
                .isEqualTo("limit_reached");
    }

    @Test
    void strangersDoNotFillAnybodysConversations() {
        List<Person> strangers = new ArrayList<>();
        for (int i = 0; i < Invitations.MOST_OF_INVITED + 5; i++) {
            strangers.add(instance.person());
        }
        strangers.forEach(stranger -> Talk.say(stranger, Talk.invite(stranger, bob), "buy this"));
        RouteAnswer last = null;
        for (int i = 0; i <= ConversationMembership.MOST_UNASKED; i++) {
            last = ann.post(
                    "/api/conversations", Map.of("kind", "group", "title", "spam", "members", List.of(bob.id())));
        }

        assertThat(ids(bob, "invitations")).hasSize(Invitations.MOST_OF_INVITED);
        assertThat(ids(bob, "conversations")).hasSize(ConversationMembership.MOST_UNASKED);
        assertThat(last).isNotNull().extracting(RouteAnswer::code).isEqualTo("limit_reached");
        // those with whom one talks bring one in all the same, and one reads what one wants
        Person cem = instance.person();
        Talk.direct(bob, cem);
        String group = Talk.group(cem, bob);
        assertThat(ids(bob, "conversations")).contains(group);
        String spam = ids(ann, "conversations").getFirst();
        Talk.read(bob, spam, Talk.say(ann, spam, "hello"));
        assertThat(Talk.group(ann, bob)).isNotEmpty();
    }

    @Test
    void whoWasToldLongestAgoMakesWayAndNotWhoFoundedFirst() {
        String early = Talk.invite(ann, bob);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < Invitations.MOST_OF_INVITED; i++) {
            Person stranger = instance.person();
            told.add(Talk.invite(stranger, bob));
            Talk.say(stranger, told.getLast(), "buy this");
        }

        Talk.say(ann, early, "hello at last");

        List<String> expected = new ArrayList<>(told.subList(1, told.size()));
        expected.add(early);
        assertThat(ids(bob, "invitations")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @RepeatedTest(5)
    void whoAcceptsDeclinesAndAnswersAtOnceIsInItOnce() {
        String conversation = Talk.invite(ann, bob);
        Talk.say(ann, conversation, "hello");

        Together.run(8, i -> switch (i % 4) {
            case 0 -> Talk.trySay(bob, conversation, "hello");
            case 1 -> bob.post(Talk.path(conversation) + "/decline", null);
            case 2 -> bob.post("/api/conversations", Map.of("kind", "direct", "user", ann.id()));
            default -> bob.post(Talk.path(conversation) + "/accept", null);
        });

        assertThat(Talk.view(bob, conversation).get("memberCount").intValue()).isEqualTo(2);
        assertThat(types(bob).stream().filter(ChatStreams.JOINED::equals)).hasSize(1);
        assertThat(ids(bob, "invitations")).isEmpty();
    }

    private JsonNode overview(Person person) {
        RouteAnswer answer = person.get("/api/chat");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private List<String> ids(Person person, String list) {
        List<String> ids = new ArrayList<>();
        overview(person).get(list).forEach(one -> ids.add(one.get("id").stringValue()));
        return ids;
    }

    /** The types of the events in the inbox. */
    private List<String> types(Person person) {
        return instance.streams().read(new StreamName("user:" + person.id()), new Range.After(0), 1_000)
                        instanceof ReadResult.Page(List<Event> events, boolean _)
                ? events.stream().map(Event::type).toList()
                : List.of();
    }
}
