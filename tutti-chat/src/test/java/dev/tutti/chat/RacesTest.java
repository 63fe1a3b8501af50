package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.Together;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** People do things at once, on two instances. */
class RacesTest {
    private final TestInstance instance = new TestInstance();
    private final TestInstance other = new TestInstance();
    private final Person ann = instance.person();
    private final Person bob = instance.person();

    @AfterEach
    void close() {
        instance.close();
        other.close();
    }

    @RepeatedTest(5)
    void twoWhoTurnToEachOtherAtOnceMeet() {
        List<String> conversations =
                Together.run(12, i -> Talk.direct(at(i, i % 3 == 0 ? ann : bob), i % 3 == 0 ? bob : ann));

        assertThat(Set.copyOf(conversations)).hasSize(1);
        assertThat(Talk.view(ann, conversations.getFirst()).get("memberCount").intValue())
                .isEqualTo(2);
        assertThat(events("user:" + ann.id()).stream()
                        .filter(event -> event.type().equals(ChatStreams.JOINED)))
                .hasSize(1);
    }

    @Test
    void aMessageSentManyTimesAtOnceIsOne() {
        String conversation = Talk.direct(ann, bob);

        List<RouteAnswer> answers = Together.run(
                16, i -> at(i, ann).post(Talk.path(conversation) + "/messages", Map.of("id", "same", "text", "hello")));

        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
        assertThat(answers)
                .extracting(RouteAnswer::json)
                .containsOnly(answers.getFirst().json());
    }

    @Test
    void everyMessageOfManyHasItsOwnPlace() {
        String conversation = Talk.direct(ann, bob);

        List<Long> seqs = Together.run(100, i -> Talk.say(at(i, i % 3 == 0 ? ann : bob), conversation, "message " + i));

        assertThat(seqs)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 100).mapToObj(i -> (long) i).toList());
    }

    @Test
    void aDeletionAndEditsAtOnceEndInADeletion() {
        String conversation = Talk.direct(ann, bob);
        long seq = Talk.say(ann, conversation, "hello");
        String message = Talk.path(conversation) + "/messages/" + seq;

        List<String> codes = Together.run(
                12,
                i -> i % 4 == 0
                        ? at(i / 4, ann).delete(message).code()
                        : at(i, ann).patch(message, Map.of("text", "edit " + i)).code());

        assertThat(codes).containsOnly("ok", "conflict");
        assertThat(Talk.view(bob, conversation)
                        .get("lastMessage")
                        .get("deleted")
                        .booleanValue())
                .isTrue();
        List<Event> events = events("conversation:" + conversation);
        assertThat(events.getLast().type()).isEqualTo("message.deleted");
        assertThat(events.stream().filter(event -> event.type().equals("message.deleted")))
                .hasSize(1);
    }

    @Test
    void whatSeveralDevicesHaveReadMovesForward() {
        String conversation = Talk.direct(ann, bob);
        for (int i = 0; i < 20; i++) {
            Talk.say(bob, conversation, "message " + i);
        }

        Together.run(20, i -> {
            Talk.read(at(i, ann), conversation, i + 1);
            return true;
        });

        assertThat(Talk.view(ann, conversation).get("readSeq").longValue()).isEqualTo(20);
        List<Long> told = events("conversation:" + conversation).stream()
                .filter(event -> event.type().equals("read"))
                .map(RacesTest::readSeq)
                .toList();
        assertThat(told).isSorted().doesNotHaveDuplicates().endsWith(20L);
    }

    /** The promise that the fence keeps: nothing of theirs stands behind their removal. */
    @RepeatedTest(3)
    void nobodyWritesBehindTheirRemoval() {
        String group = Talk.group(ann, bob);
        AtomicBoolean removed = new AtomicBoolean();

        Together.run(9, i -> {
            if (i == 0) {
                Talk.say(ann, group, "go");
                Talk.remove(ann, group, bob);
                removed.set(true);
            } else {
                boolean late;
                String code;
                do {
                    late = removed.get();
                    code = Talk.trySay(bob, group, "hello").code();
                    assertThat(code).isIn("ok", "not_found");
                    assertThat(late && code.equals("ok")).isFalse();
                } while (!late);
            }
            return true;
        });

        ReadResult end = instance.streams().read(ChatStreams.conversation(group), new Range.Before(Long.MAX_VALUE), 1);
        assertThat(end).isInstanceOfSatisfying(ReadResult.Page.class, page -> {
            assertThat(page.events().getFirst().type()).isEqualTo("member.left");
            assertThat(page.more()).isTrue();
        });
    }

    @Test
    void anAccountThatIsBeingDeletedIsBroughtIntoNothing() throws Exception {
        String group = Talk.group(ann);
        try (Connection deletion = FeatureDatabase.shared().getConnection();
                Statement statement = deletion.createStatement()) {
            deletion.setAutoCommit(false);
            statement.execute("update tutti.user set deleted_at = now() where id = '" + bob.id() + "'");

            CompletableFuture<RouteAnswer> added = CompletableFuture.supplyAsync(
                    () -> ann.post(Talk.path(group) + "/members", Map.of("user", bob.id())));
            await().until(() -> added.isDone() || isHeldUp());
            deletion.commit();

            assertThat(added.get(30, TimeUnit.SECONDS).code()).isEqualTo("not_found");
        }
        assertThat(Talk.view(ann, group).get("memberCount").intValue()).isEqualTo(1);
    }

    private static boolean isHeldUp() {
        return !FeatureDatabase.value(
                        FeatureDatabase.shared(),
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%deleted_at is null%'")
                .equals("0");
    }

    @RepeatedTest(3)
    void whenAllOwnersLeaveAtOnceTheRestIsOwned() {
        List<Person> people =
                IntStream.range(0, 8).mapToObj(_ -> instance.person()).toList();
        String group = Talk.group(ann, people.toArray(Person[]::new));

        Together.run(8, i -> {
            Person leaving = i == 0 ? ann : people.get(i);
            Talk.remove(at(i, leaving), group, leaving);
            return true;
        });

        JsonNode members =
                people.getFirst().get(Talk.path(group) + "/members").json().get("members");
        assertThat(members).hasSize(1);
        assertThat(members.get(0).get("role").stringValue()).isEqualTo("owner");
        assertThat(Talk.view(people.getFirst(), group).get("memberCount").intValue())
                .isEqualTo(1);
    }

    /** Random joins, leaves, additions and removals at once: the count, the owner and the stream fit the members. */
    @RepeatedTest(3)
    void comingAndGoingKeepsGroupsWhole() {
        long seed = new Random().nextLong();
        System.out.println("comingAndGoingKeepsGroupsWhole: seed " + seed);
        List<Person> people =
                IntStream.range(0, 6).mapToObj(_ -> instance.person()).toList();
        String group = Talk.openGroup(ann);

        Together.run(6, i -> {
            Random random = new Random(seed + i);
            Person person = at(i, people.get(i));
            for (int step = 0; step < 25; step++) {
                String path = Talk.path(group);
                Person target = people.get(random.nextInt(people.size()));
                RouteAnswer answer = switch (random.nextInt(4)) {
                    case 0, 1 -> person.post(path + "/join", null);
                    case 2 -> person.post(path + "/members", Map.of("user", target.id()));
                    default -> person.delete(path + "/members/" + person.id());
                };
                assertThat(answer.code()).isIn("ok", "not_found");
            }
            return true;
        });

        Set<String> members = new HashSet<>();
        List<String> owners = new ArrayList<>();
        ann.get(Talk.path(group) + "/members").json().get("members").forEach(member -> {
            members.add(member.get("user").get("id").stringValue());
            if (member.get("role").stringValue().equals("owner")) {
                owners.add(member.get("user").get("id").stringValue());
            }
        });
        assertThat(owners).containsExactly(ann.id());
        assertThat(Talk.view(ann, group).get("memberCount").intValue()).isEqualTo(members.size());
        assertThat(replayed(group)).isEqualTo(members);
    }

    /** Who is in a group that ann made, as its events tell it. */
    private Set<String> replayed(String group) {
        Set<String> members = new HashSet<>(Set.of(ann.id()));
        for (Event event : events("conversation:" + group)) {
            JsonNode data = new RouteAnswer(200, List.of(), event.data().toString()).json();
            switch (event.type()) {
                case "member.joined" ->
                    assertThat(members.add(data.get("user").get("id").stringValue()))
                            .isTrue();
                case "member.left" ->
                    assertThat(members.remove(data.get("user").stringValue())).isTrue();
                default -> throw new AssertionError(event.type());
            }
        }
        return members;
    }

    private static long readSeq(Event event) {
        return new RouteAnswer(200, List.of(), event.data().toString())
                .json()
                .get("seq")
                .longValue();
    }

    private List<Event> events(String stream) {
        return instance.streams().read(new StreamName(stream), new Range.After(0), 1_000)
                        instanceof ReadResult.Page(List<Event> events, boolean _)
                ? events
                : List.of();
    }

    private Person at(int number, Person person) {
        return number % 2 == 0 ? person : person.at(other);
    }
}
