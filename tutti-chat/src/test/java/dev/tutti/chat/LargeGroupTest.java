package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Groups that are made in several transactions, of 250 members each. The acts of others between these are done by a trigger, at the end of
 * the first one.
 */
class LargeGroupTest {
    private static final int MEMBERS = 600;

    private final TestInstance instance = new TestInstance();
    private final Person ann = instance.person();
    private final String mark = "large" + UUID.randomUUID().toString().substring(0, 8);
    private final List<String> members = IntStream.range(0, MEMBERS)
            .mapToObj(i -> "%s_%03d".formatted(mark, i))
            .toList();
    private final String last = members.getLast();

    LargeGroupTest() {
        FeatureDatabase.execute("""
                insert into tutti.user (id, name, display_name, search_name, password_hash)
                select id, id, 'Somebody', 'somebody', ''
                from (select '%s_' || to_char(i, 'FM000') as id from generate_series(0, %d) i) ids
                """.formatted(mark, MEMBERS - 1));
    }

    @AfterEach
    void close() {
        FeatureDatabase.execute("drop trigger if exists " + mark + " on tutti.conversation");
        FeatureDatabase.execute("drop function if exists tutti." + mark);
        instance.close();
    }

    @Test
    void whenAllAreInItTheGroupTellsHowManyTheyAre() {
        String group = make().json().get("id").stringValue();

        assertThat(instance.streams().read(ChatStreams.conversation(group), new Range.After(0), 10))
                .isInstanceOfSatisfying(
                        ReadResult.Page.class,
                        page -> assertThat(page.events()).singleElement().satisfies(event -> {
                            assertThat(event.type()).isEqualTo("conversation.members");
                            assertThat(event.data()).hasToString("{\"memberCount\":" + (MEMBERS + 1) + "}");
                        }));
        assertThat(Talk.view(ann, group).get("lastMessage").isNull()).isTrue();
        Talk.say(ann, group, "hello");
        assertThat(Talk.texts(ann, group, "")).containsExactly("hello");
    }

    @Test
    void thereIsNoGroupIfSomebodyCanBeInNoMore() {
        FeatureDatabase.execute(conversations(999, last));
        assertThat(make().status()).isEqualTo(201);

        RouteAnswer refused = make();

        assertThat(refused.code()).isEqualTo("limit_reached");
        assertThat(groups()).isEqualTo("1");
    }

    @Test
    void somebodyWhoCanBeInNoMoreMeanwhileIsLeftOut() {
        meanwhile(conversations(1_000, last));

        RouteAnswer made = make();

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("memberCount").intValue()).isEqualTo(MEMBERS); // with ann
        assertThat(told(last)).isEqualTo("0");
        assertThat(told(members.get(MEMBERS - 2))).isEqualTo("1");
    }

    @Test
    void somebodyWhomOthersBroughtInMeanwhileIsInItOnce() {
        meanwhile("""
                insert into tutti.member (conversation_id, user_id, joined_seq, read_seq) values (new.id, '%s', 0, 0);
                update tutti.conversation set member_count = member_count + 1 where id = new.id
                """.formatted(last));

        RouteAnswer made = make();

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("memberCount").intValue()).isEqualTo(MEMBERS + 1);
        assertThat(told(last)).isEqualTo("0"); // by who brought them in
    }

    @Test
    void whenAllHaveLeftMeanwhileNobodyIsAddedToWhatIsClosed() {
        meanwhile("""
                delete from tutti.member where conversation_id = new.id;
                update tutti.conversation set member_count = 0 where id = new.id
                """);

        assertThat(make().status()).isIn(201, 404); // it was made, and its maker is not in it any more

        assertThat(groups()).isEqualTo("1");
        assertThat(FeatureDatabase.value(
                        FeatureDatabase.shared(),
                        "select count(*) from tutti.member where user_id like '" + mark + "%'"))
                .isEqualTo("0");
        assertThat(told(last)).isEqualTo("0");
    }

    private RouteAnswer make() {
        return ann.post("/api/conversations", Map.of("kind", "group", "title", mark, "members", members));
    }

    private void meanwhile(String statements) {
        FeatureDatabase.execute("""
                create function tutti.%1$s() returns trigger language plpgsql
                as $$ begin %2$s; return null; end $$
                """.formatted(mark, statements));
        FeatureDatabase.execute("""
                create constraint trigger %1$s after insert on tutti.conversation deferrable initially deferred
                for each row when (new.title = '%1$s') execute function tutti.%1$s()
                """.formatted(mark));
    }

    /** A statement by which {@code user} is in so many others. */
    private String conversations(int count, String user) {
        return """
                with made as (
                    insert into tutti.conversation (id, kind, title, member_count)
                    select '%1$s.' || i, 'group', 'another', 1 from generate_series(1, %2$d) i
                    returning id)
                insert into tutti.member (conversation_id, user_id, joined_seq, read_seq) select id, '%3$s', 0, 0 from made
                """.formatted(mark, count, user);
    }

    private String groups() {
        return FeatureDatabase.value(
                FeatureDatabase.shared(), "select count(*) from tutti.conversation where title = '" + mark + "'");
    }

    /** How often somebody's inbox has told of a group. */
    private String told(String user) {
        return FeatureDatabase.value(
                FeatureDatabase.shared(),
                "select coalesce(max(head), 0) from tutti.stream where name = 'user:" + user + "'");
    }
}
