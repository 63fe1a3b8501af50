package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.Listener;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.chat.quota.QuotaSettings;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.Together;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Reactions, given and read at two instances. */
class ReactionsTest {
    private static final String THUMB = "👍";
    private static final String HEART = "❤️";

    private final TestInstance instance = new TestInstance();
    private final TestInstance other = new TestInstance();
    private final Person ann = instance.person();
    private final Person bob = instance.person().at(other);
    private final Person cem = instance.person();
    private final String group = Talk.group(ann, bob);
    private final long message = Talk.say(ann, group, "At noon?");

    @AfterEach
    void close() {
        instance.close();
        other.close();
    }

    @Test
    void aMessageIsReadHoweverManyReactionsAreBehindIt() {
        for (int i = 0; i < 51; i++) {
            react(ann, THUMB);
            unreact(ann, THUMB);
        }

        long last = Talk.view(bob, group).get("lastSeq").longValue();
        Talk.say(ann, group, "Or at one?");

        Talk.read(bob, group, last);

        assertThat(Talk.view(bob, group).get("readSeq").longValue()).isEqualTo(message);
        assertThat(Talk.view(bob, group).get("unread").intValue()).isEqualTo(1);
    }

    @Test
    void aMessageIsReadWithTenThousandOtherEventsBehindIt() {
        Talk.read(bob, group, message);
        FeatureDatabase.execute("""
                do $$ begin
                    for i in 1..10 loop
                        perform tutti.append(
                            array_fill('conversation:%s'::text, array[1000]), array_fill('read'::text, array[1000]),
                            array_fill(null::text, array[1000]), array_fill('{"user": "x", "seq": 1}'::bytea, array[1000]));
                    end loop;
                end $$
                """.formatted(group));

        Talk.read(ann, group, Talk.view(ann, group).get("lastSeq").longValue());

        assertThat(Talk.view(ann, group).get("readSeq").longValue()).isEqualTo(message);
    }

    @Test
    void everyPersonCountsOnceForEachEmojiInTheHistoryTheListAndTheSearch() {
        assertThat(reactions(react(bob, THUMB))).containsExactly("👍 1 own");
        assertThat(reactions(react(bob, THUMB))).as("again").containsExactly("👍 1 own");
        assertThat(reactions(react(ann, HEART))).containsExactly("👍 1", "❤️ 1 own");
        assertThat(reactions(react(ann, THUMB))).containsExactly("👍 2 own", "❤️ 1 own");

        assertThat(shown(bob)).containsExactly("👍 2 own", "❤️ 1");
        assertThat(reactions(Talk.view(ann, group).get("lastMessage"))).containsExactly("👍 2 own", "❤️ 1 own");
        assertThat(reactions(bob.get("/api/chat/search?query=noon")
                        .json()
                        .get("messages")
                        .get(0)
                        .get("message")))
                .containsExactly("👍 2 own", "❤️ 1");

        assertThat(reactions(unreact(bob, THUMB))).containsExactly("👍 1", "❤️ 1");
        assertThat(reactions(unreact(bob, THUMB))).as("again").containsExactly("👍 1", "❤️ 1");
        assertThat(reactions(unreact(ann, THUMB))).containsExactly("❤️ 1 own");
        assertThat(reactions(unreact(ann, HEART))).isEmpty();
        assertThat(reactions(unreact(ann, HEART))).isEmpty();
        assertThat(reactions(react(ann, HEART))).containsExactly("❤️ 1 own");
    }

    @Test
    void theOthersHearOfEachChangeAndOfNothingThatChangesNothing() {
        Listener bobs = follow(bob, null);
        bobs.awaitBeginning();

        react(ann, THUMB);
        react(ann, THUMB);
        react(bob, THUMB);
        unreact(ann, THUMB);
        unreact(ann, THUMB);
        Talk.say(ann, group, "the last one");

        await().untilAsserted(
                        () -> assertThat(bobs.types("conversation:" + group)).endsWith("message"));
        assertThat(bobs.types("conversation:" + group))
                .containsExactly("message.reacted", "message.reacted", "message.reacted", "message");
        assertThat(bobs.all().stream().limit(3).map(event -> event.data().toString()))
                .containsExactly(told(ann, true, 1), told(bob, true, 2), told(ann, false, 1));
    }

    @Test
    void anEditKeepsThemAndADeletionRemovesThemAlsoForThoseWhoCatchUp() {
        String token = bob.get("/api/chat").text("token");
        react(ann, THUMB);
        react(bob, HEART);
        String path = Talk.path(group) + "/messages/" + message;
        assertThat(ann.patch(path, Map.of("text", "At one?")).status()).isEqualTo(200);
        assertThat(shown(bob)).containsExactly("👍 1", "❤️ 1 own");

        assertThat(ann.delete(path).status()).isEqualTo(200);

        assertThat(shown(bob)).isEmpty();
        assertThat(react(bob, THUMB).status()).isEqualTo(409);
        assertThat(reactions(unreact(bob, HEART))).isEmpty();
        assertThat(stored()).isEqualTo("0");
        Listener late = follow(bob, token);
        await().untilAsserted(
                        () -> assertThat(late.types("conversation:" + group)).endsWith("message.deleted"));
        assertThat(late.all())
                .hasSize(4)
                .noneMatch(event -> event.data().toString().matches(".*(" + THUMB + "|" + HEART + ").*"));
    }

    @Test
    void onlyThoseWhoSeeAMessageReactToIt() {
        assertThat(react(cem, THUMB).status()).isEqualTo(404);
        Talk.add(ann, group, cem);
        assertThat(react(cem, THUMB).status()).as("from before").isEqualTo(404);
        assertThat(react(bob, THUMB, message + 1).status()).as("no message").isEqualTo(404);
        assertThat(react(bob, THUMB, message + 1_000).status()).isEqualTo(404);
        assertThat(react(bob, THUMB).status()).isEqualTo(200);
        Talk.remove(ann, group, bob.at(instance));

        assertThat(unreact(bob.at(instance), THUMB).status()).isEqualTo(404);
        assertThat(shown(ann)).as("like messages, they stay").containsExactly("👍 1");
    }

    @Test
    void whoIsBlockedTakesReactionsBackAndAddsNone() {
        String direct = Talk.direct(ann, bob);
        long said = Talk.say(ann, direct, "hello");
        String path = Talk.path(direct) + "/messages/" + said + "/reactions/";
        assertThat(bob.call("PUT", path + encoded(THUMB), null).status()).isEqualTo(200);
        assertThat(ann.call("PUT", "/api/blocks/" + bob.id(), null).status()).isLessThan(300);

        RouteAnswer refused = bob.call("PUT", path + encoded(HEART), null);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("forbidden");
        assertThat(bob.delete(path + encoded(THUMB)).status()).isEqualTo(200);
    }

    @Test
    void aMessageHasTwentyDifferentOnesAtMost() {
        List<String> many = new ArrayList<>();
        IntStream.range(0, Reactions.MOST + 1).forEach(i -> many.add(Character.toString(0x1F600 + i)));
        many.subList(0, Reactions.MOST)
                .forEach(emoji -> assertThat(react(ann, emoji).status()).isEqualTo(200));

        assertThat(react(bob, many.getLast()).code()).isEqualTo("conflict");
        assertThat(react(bob, many.getFirst()).status()).as("one of those").isEqualTo(200);
        unreact(ann, many.get(1));
        assertThat(react(bob, many.getLast()).status()).isEqualTo(200);
        assertThat(shown(bob)).hasSize(Reactions.MOST).endsWith(many.getLast() + " 1 own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "👍",
                "👍🏽",
                "❤️",
                "🏳️‍🌈",
                "🏴‍☠️",
                "🇩🇪",
                "🇪🇺",
                "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                "1️⃣",
                "#️⃣",
                "👩🏻‍❤️‍💋‍👨🏻",
                "👨‍👩‍👧‍👦",
                "👩🏽‍🦰",
                "🧑‍⚕️",
                "🏃🏽‍♀️‍➡️",
                "☝🏿",
                "©️"
            })
    void everyEmojiIsTaken(String emoji) {
        assertThat(reactions(react(bob, emoji))).containsExactly(emoji + " 1 own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "1",
                "#",
                " ",
                "👍 ",
                "👍👍",
                "👍👎",
                "❤",
                "👍️",
                "🏻",
                "🦰",
                "1️",
                "🇩",
                "🇽🇽",
                "🇩🇪🇩🇪",
                "‍",
                "👍‍",
                "‍👍",
                "🏴󠁧󠁢󠁸󠁸󠁿",
                "👍‍👍‍👍‍👍‍👍",
                "👍🏽🏽",
                "<b>",
                "\0",
                "é",
                "\u202e",
                ":+1:"
            })
    void nothingElseIsTaken(String text) {
        assertThat(react(bob, text).code()).isEqualTo("bad_request");
        assertThat(unreact(bob, text).code()).isEqualTo("bad_request");
        assertThat(shown(bob)).isEmpty();
    }

    @Test
    void theyAreChargedLikeOtherEvents() {
        try (TestInstance strict = new TestInstance(new QuotaSettings(3_000, 10, 10))) {
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(
                        react(bob.at(strict), Character.toString(0x1F600 + i)).status());
            }
            assertThat(answers).startsWith(200, 200).endsWith(429, 429);
            assertThat(react(bob.at(strict), THUMB).code()).isEqualTo("quota_exceeded");
        }
    }

    @Test
    void nothingIsMiscountedWhenManyReactAtOnce() {
        Person[] crowd = Stream.generate(instance::person).limit(8).toArray(Person[]::new);
        for (Person one : crowd) {
            Talk.add(ann, group, one);
        }
        long said = Talk.say(ann, group, "all at once");

        List<RouteAnswer> answers = Together.run(48, i -> {
            Person one = crowd[i % 8].at(i % 2 == 0 ? instance : other);
            return i < 32 ? react(one, i % 3 == 0 ? HEART : THUMB, said) : unreact(one, HEART, said);
        });
        Together.run(8, i -> unreact(crowd[i], HEART, said));

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(shown(ann)).containsExactly("👍 8");
    }

    @Test
    void noReactionSurvivesADeletionThatHappensAtTheSameTime() {
        for (int round = 0; round < 5; round++) {
            long said = Talk.say(ann, group, "gone soon");
            Together.run(
                    8,
                    i -> i == 3
                            ? ann.delete(Talk.path(group) + "/messages/" + said)
                            : react(i % 2 == 0 ? ann : bob, Character.toString(0x1F600 + i), said));
        }

        assertThat(stored()).isEqualTo("0");
    }

    @Test
    void thoseOfMessagesThatTheLogHasForgottenAreForgottenToo() {
        react(ann, THUMB);
        FeatureDatabase.execute(
                "update tutti.reacted_message set at = '2000-01-01' where conversation_id = '" + group + "'");

        react(bob, HEART, Talk.say(ann, group, "the next one"));

        assertThat(stored()).isEqualTo("1");
    }

    private String stored() {
        return FeatureDatabase.value(
                FeatureDatabase.shared(),
                "select count(*)::text from tutti.reaction where conversation_id = '" + group + "'");
    }

    private String told(Person by, boolean added, int count) {
        return "{\"seq\":" + message + ",\"user\":\"" + by.id() + "\",\"emoji\":\"" + THUMB + "\",\"added\":" + added
                + ",\"count\":" + count + "}";
    }

    private RouteAnswer react(Person person, String emoji) {
        return react(person, emoji, message);
    }

    private RouteAnswer react(Person person, String emoji, long seq) {
        return person.call("PUT", path(emoji, seq), null);
    }

    private RouteAnswer unreact(Person person, String emoji) {
        return unreact(person, emoji, message);
    }

    private RouteAnswer unreact(Person person, String emoji, long seq) {
        return person.delete(path(emoji, seq));
    }

    private String path(String emoji, long seq) {
        return Talk.path(group) + "/messages/" + seq + "/reactions/" + encoded(emoji);
    }

    private static String encoded(String emoji) {
        return URLEncoder.encode(emoji, StandardCharsets.UTF_8);
    }

    /** Those to the latest message that {@code person} sees, as text. */
    private List<String> shown(Person person) {
        return reactions(person.get(Talk.path(group) + "/messages")
                .json()
                .get("messages")
                .get(0));
    }

    private static List<String> reactions(RouteAnswer answer) {
        assertThat(answer.status()).as(String.valueOf(answer)).isEqualTo(200);
        return reactions(answer.json());
    }

    private static List<String> reactions(JsonNode of) {
        List<String> reactions = new ArrayList<>();
        of.get("reactions")
                .forEach(reaction -> reactions.add(reaction.get("emoji").stringValue() + " "
                        + reaction.get("count").longValue()
                        + (reaction.get("own").booleanValue() ? " own" : "")));
        return reactions;
    }

    private static Listener follow(Person person, @Nullable String token) {
        Listener listener = new Listener();
        TestInstance at = TestInstance.of(person);
        at.streams().follow(at.chat().entitlements(person.principal()), token, listener);
        return listener;
    }
}
