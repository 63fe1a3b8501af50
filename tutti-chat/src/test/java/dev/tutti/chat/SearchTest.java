package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SearchTest extends AbstractChatTest {
    private final String conversation = Talk.direct(ann, bob);

    @Test
    void wordsAreFoundAsSearchEnginesTakeThemTheNewestFirst() {
        Talk.say(ann, conversation, "The boat leaves at noon");
        Talk.say(bob, conversation, "Which BOAT, the red one?");
        Talk.say(ann, conversation, "Grüße vom Schiff");

        assertThat(texts(ann, "boat")).containsExactly("Which BOAT, the red one?", "The boat leaves at noon");
        assertThat(texts(bob, "boat -red")).containsExactly("The boat leaves at noon");
        assertThat(texts(ann, "\"boat leaves\"")).containsExactly("The boat leaves at noon");
        assertThat(texts(ann, "noon or grüße")).hasSize(2);
        assertThat(texts(ann, "boat noo")).as("a beginning").containsExactly("The boat leaves at noon");
        assertThat(texts(ann, "oat")).isEmpty();
        assertThat(texts(ann, "  ' & | ! ( :* ")).isEmpty();
    }

    @Test
    void nobodyFindsWhatTheyMayNotRead() {
        Person cem = instance.person();
        String group = Talk.group(ann, bob);
        Talk.say(ann, group, "The treasure is under the oak");
        assertThat(texts(bob, "treasure")).hasSize(1);
        assertThat(texts(cem, "treasure")).isEmpty();
        assertThat(texts(cem, group)).as("the conversation is no word").isEmpty();

        Talk.add(ann, group, cem);
        Talk.say(ann, group, "No more words of the treasure");
        assertThat(texts(cem, "treasure")).containsExactly("No more words of the treasure");
        assertThat(search(cem, "treasure", "&conversation=" + group).get("messages"))
                .hasSize(1);
        assertThat(search(cem, "treasure", "&conversation=" + conversation).get("messages"))
                .isEmpty();

        Talk.remove(ann, group, bob);
        assertThat(texts(bob, "treasure")).isEmpty();
    }

    @Test
    void editedMessagesAreFoundByWhatTheySayNowAndDeletedOnesNotAtAll() {
        long before = Talk.say(ann, conversation, "a heron by the lake");
        change(before, "a stork by the lake");
        assertThat(texts(ann, "heron")).isEmpty();
        assertThat(texts(bob, "stork")).containsExactly("a stork by the lake");
        change(before, "a crane by the lake");
        assertThat(texts(bob, "stork")).isEmpty();
        assertThat(texts(bob, "crane")).hasSize(1);

        assertThat(ann.delete(Talk.path(conversation) + "/messages/" + before).status())
                .isEqualTo(200);

        assertThat(texts(ann, "lake")).isEmpty();
    }

    @Test
    void onlyALastWordThatIsLongAndWantedIsABeginning() {
        Talk.say(ann, conversation, "the boat is ready");
        Talk.say(ann, conversation, "boat re");

        assertThat(texts(bob, "boat rea")).containsExactly("the boat is ready");
        assertThat(texts(bob, "boat re")).containsExactly("boat re");
        assertThat(texts(bob, "boat -rea")).containsExactly("boat re", "the boat is ready");
        assertThat(texts(bob, "\"boat is rea\"")).isEmpty();
        assertThat(texts(bob, "\"boat is ready\"")).containsExactly("the boat is ready");
    }

    @Tag("slow")
    @Test
    void oneWhoWritesManyWordsKeepsNobodysSearchFromTheRest() {
        Talk.say(bob, conversation, "a needle");
        String text = IntStream.range(0, 1_000)
                .mapToObj(i -> Integer.toString(10_000 + i, Character.MAX_RADIX))
                .collect(Collectors.joining(" "));
        for (int i = 0; i < 400; i++) {
            Talk.say(ann, conversation, text.substring(0, 3_900) + i);
        }

        await().atMost(Duration.ofSeconds(60))
                .until(() -> search(bob, "needle", "").get("complete").booleanValue());
        assertThat(texts(bob, "needle")).containsExactly("a needle");
    }

    @Test
    void aSearchIsPagedAndEachMessageIsFoundOnce() {
        for (int i = 1; i <= 25; i++) {
            Talk.say(i % 2 == 0 ? ann : bob, conversation, "pebble " + i);
        }

        List<String> found = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = search(ann, "pebble", "&limit=10" + after);
            assertThat(page.get("complete").booleanValue()).isTrue();
            page.get("messages")
                    .forEach(hit -> found.add(hit.get("message").get("text").stringValue()));
            after = page.get("next").isNull()
                    ? ""
                    : "&after=" + encoded(page.get("next").stringValue());
        } while (!after.isEmpty());

        assertThat(found)
                .hasSize(25)
                .doesNotHaveDuplicates()
                .startsWith("pebble 25")
                .endsWith("pebble 1");
    }

    @Test
    void wordsOfMessagesThatTheLogHasForgottenAreForgottenToo() {
        Talk.say(ann, conversation, "an old acorn");
        Talk.say(ann, conversation, "a new acorn");
        assertThat(texts(bob, "acorn")).hasSize(2);
        FeatureDatabase.execute("update tutti.message_words set at = '2000-01-01' where conversation_id = '"
                + conversation + "' and words @@ 'old'");

        assertThat(texts(bob, "acorn")).containsExactly("a new acorn");

        assertThat(FeatureDatabase.value(
                        FeatureDatabase.shared(),
                        "select count(*)::text from tutti.message_words where conversation_id = '" + conversation
                                + "'"))
                .isEqualTo("1");
    }

    @Test
    void whatIsNoSearchIsRefused() {
        for (String query : List.of(
                "", "?query=", "?query=" + "x".repeat(201), "?query=a&limit=51", "?query=a&after=yesterday~x~1")) {
            assertThat(ann.get("/api/chat/search" + query).status()).as(query).isEqualTo(400);
        }
    }

    private void change(long seq, String text) {
        assertThat(ann.patch(Talk.path(conversation) + "/messages/" + seq, Map.of("text", text))
                        .status())
                .isEqualTo(200);
    }

    private static List<String> texts(Person person, String query) {
        List<String> texts = new ArrayList<>();
        search(person, query, "")
                .get("messages")
                .forEach(hit -> texts.add(hit.get("message").get("text").stringValue()));
        return texts;
    }

    private static JsonNode search(Person person, String query, String more) {
        RouteAnswer answer = person.get("/api/chat/search?query=" + encoded(query) + more);
        assertThat(answer.status()).as(String.valueOf(answer)).isEqualTo(200);
        return answer.json();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
