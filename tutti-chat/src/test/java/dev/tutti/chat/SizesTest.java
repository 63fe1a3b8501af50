package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.CountingDataSource;
import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What does not grow with what. */
class SizesTest extends AbstractChatTest {
    @Test
    void listingManyConversationsTakesAsManyQueriesAsListingOne() {
        CountingDataSource counted = new CountingDataSource(FeatureDatabase.shared());
        Chat chat = new Chat(
                counted.pool(), instance.streams(), instance.accounts(), instance.quotas(), AttachedFiles.NONE);
        Talk.say(bob, Talk.direct(ann, bob), "hello");
        chat.listing().all(ann.id());
        int forOne = counted.statements();

        for (int i = 0; i < 30; i++) {
            Talk.say(bob, Talk.group(ann, bob), "hello");
        }

        assertThat(chat.listing().all(ann.id()).conversations()).hasSize(31);
        assertThat(counted.statements()).isEqualTo(forOne);
    }

    @Test
    void aMessageIsWrittenOnceHoweverManyReadIt() {
        String mark = "big" + System.nanoTime() + "-";
        FeatureDatabase.execute("""
                insert into tutti.user (id, name, display_name, search_name, password_hash)
                select '%1$s' || i, '%1$s' || i, 'Somebody', 'somebody', '' from generate_series(1, 10000) i
                """.formatted(mark));
        List<String> ids =
                IntStream.rangeClosed(1, 10_000).mapToObj(i -> mark + i).toList();
        RouteAnswer made =
                ann.post("/api/conversations", Map.of("kind", "group", "title", "everybody", "members", ids));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().get("memberCount").intValue()).isEqualTo(10_001);
        assertThat(made.json().get("members")).hasSize(20);
        String group = made.json().get("id").stringValue();

        CountingDataSource counted = new CountingDataSource(FeatureDatabase.shared());
        Chat chat = new Chat(
                counted.pool(),
                instance.streams(),
                instance.accounts(),
                instance.quotas(),
                AttachedFiles.NONE,
                () -> 0L);
        for (int i = 0; i < 10; i++) {
            chat.messages().send(group, ann.id(), "m" + i, "hello everybody", List.of(), null);
        }

        // who is a member is asked for once; the append is not on this pool
        assertThat(counted.statements()).isLessThanOrEqualTo(2);
        assertThat(page("conversation:" + group).events()).hasSize(1 + 10); // the first says how many they are
        assertThat(page("user:" + mark + "10000").events()).hasSize(1);
    }

    private ReadResult.Page page(String stream) {
        if (instance.streams().read(new StreamName(stream), new Range.After(0), 100) instanceof ReadResult.Page page) {
            return page;
        }
        throw new AssertionError("a gap");
    }
}
