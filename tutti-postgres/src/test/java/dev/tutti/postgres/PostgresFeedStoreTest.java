package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedStore;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.stream.Json;
import dev.tutti.tck.FeedStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresFeedStoreTest implements FeedStoreContract {
    private final TestDatabase database;
    private final ControlConnection control;
    private final PostgresFeedStore store;

    PostgresFeedStoreTest() throws SQLException {
        database = TestDatabase.migrated();
        control = new ControlConnection(database.settings());
        store = new PostgresFeedStore(database.pool(), control, Duration.ofSeconds(30));
    }

    @AfterAll
    void close() throws SQLException {
        control.close();
        database.close();
    }

    @Override
    public FeedStore feeds() {
        return store;
    }

    private Optional<FeedState> held(FeedKey key) {
        return store.newer(Map.of(key, 0L)).stream().findFirst();
    }

    private static FeedState state(String key, long version) {
        return new FeedState(new FeedKey(key), version, Optional.of(Json.of("{\"n\":" + version + "}")));
    }

    @Test
    void whatATransactionPublishesIsThereWhenItCommits() throws SQLException {
        try (Connection transaction = database.pool().getConnection()) {
            transaction.setAutoCommit(false);
            assertThat(store.put(transaction, state("order:1", 1), "here")).isEqualTo(new FeedUpdate.Accepted());
            transaction.rollback();
            assertThat(held(new FeedKey("order:1"))).isEmpty();

            assertThat(store.put(transaction, state("order:1", 2), "here")).isEqualTo(new FeedUpdate.Accepted());
            assertThat(store.put(transaction, state("order:1", 1), "here")).isEqualTo(new FeedUpdate.Stale(2));
            transaction.commit();
        }
        assertThat(held(new FeedKey("order:1"))).contains(state("order:1", 2));
    }

    @Test
    void withoutATransactionNothingIsPublished() throws SQLException {
        try (Connection byItself = database.pool().getConnection()) {
            assertThatThrownBy(() -> store.put(byItself, state("order:8", 1), "here"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a transaction is needed");
        }
        assertThat(held(new FeedKey("order:8"))).isEmpty();
    }

    @Test
    void aFeedThatATransactionHasPublishedIsNotWaitedForForLong() throws SQLException {
        try (Connection transaction = database.pool().getConnection()) {
            transaction.setAutoCommit(false);
            assertThat(store.put(transaction, state("order:9", 1), "here")).isEqualTo(new FeedUpdate.Accepted());

            assertThatThrownBy(() -> store.put(state("order:9", 2), "here"))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            locked -> assertThat(locked.code()).isEqualTo(ErrorCode.UNAVAILABLE));

            transaction.commit();
        }
        assertThat(store.put(state("order:9", 2), "here")).isEqualTo(new FeedUpdate.Accepted());
    }

    @Test
    void anybodyPublishesBySql() throws SQLException {
        assertThat(database.value("select tutti.publish_feed('order:2', 7, '{\"n\": 7}')"))
                .isEqualTo("7");
        assertThat(database.value("select tutti.publish_feed('order:2', 6, '{\"n\": 6}')"))
                .isEqualTo("7");
        assertThat(database.value("select tutti.publish_feed('order:3', 1)")).isEqualTo("1");

        assertThat(held(new FeedKey("order:2")))
                .contains(new FeedState(new FeedKey("order:2"), 7, Optional.of(Json.of("{\"n\": 7}"))));
        assertThat(held(new FeedKey("order:3"))).contains(new FeedState(new FeedKey("order:3"), 1, Optional.empty()));
    }

    @Test
    void whatIsNotAFeedIsRefusedBySqlToo() {
        assertThatThrownBy(() -> database.value("select tutti.publish_feed('no key', 1, '1')"))
                .hasMessageContaining("bad_request: feed key 'no key'");
        assertThatThrownBy(() -> database.value("select tutti.publish_feed('order:5', 0, '1')"))
                .hasMessageContaining("bad_request: version 0");
        assertThatThrownBy(() -> database.value("select tutti.publish_feed('order:5', 9007199254740992, '1')"))
                .hasMessageContaining("bad_request: version 9007199254740992");
        assertThatThrownBy(
                        () -> database.value("select tutti.publish_feed('order:5', 1, to_jsonb(repeat('x', 262143)))"))
                .hasMessageContaining("too_large");
    }
}
