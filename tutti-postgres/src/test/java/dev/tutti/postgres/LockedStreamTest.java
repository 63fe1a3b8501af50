package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams that another session keeps locked, and histories in which committed transactions are missing. */
class LockedStreamTest {
    private static final StreamName FREE = StreamName.of("room", "free");
    private static final StreamName LOCKED = StreamName.of("room", "locked");
    private static final StreamName BEGUN = StreamName.of("room", "begun");

    private TestDatabase database;
    private PostgresStreamStore store;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.migrated();
        store = new PostgresStreamStore(
                database.pool(),
                new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(7))),
                Duration.ofSeconds(30));
        store.retain();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private static Append event(StreamName stream) {
        return new Append(stream, "said", Json.of("1"));
    }

    @Test
    void theLockedStreamsAreNamedAndNothingIsAdded() throws SQLException {
        store.append(List.of(event(FREE), event(LOCKED)));
        try (Connection holder = database.pool().getConnection()) {
            holder.setAutoCommit(false);
            store.append(holder, List.of(event(BEGUN), event(LOCKED)));

            assertThatThrownBy(() -> store.append(List.of(event(FREE), event(LOCKED))))
                    .isInstanceOfSatisfying(NothingAppendedException.class, nothing -> {
                        assertThat(nothing.locked()).containsExactly(LOCKED);
                        assertThat(nothing.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    });
            assertThatThrownBy(() -> store.append(List.of(event(BEGUN))))
                    .isInstanceOfSatisfying(
                            NothingAppendedException.class,
                            nothing -> assertThat(nothing.locked()).containsExactly(BEGUN));
            assertThat(store.append(List.of(event(FREE))).getFirst().seq()).isEqualTo(2);
            holder.rollback();
        }
        assertThat(store.append(List.of(event(LOCKED))).getFirst().seq()).isEqualTo(2);
    }

    @Test
    void whatAPositionDidNotSeeIsFoundAlsoWhenItBeganBefore() throws SQLException {
        store.append(List.of(event(FREE)));
        try (Connection early = database.pool().getConnection()) {
            early.setAutoCommit(false);
            store.append(early, List.of(event(LOCKED)));
            store.append(List.of(event(FREE)));
            Position since = store.now();
            store.append(List.of(event(FREE)));
            assertThat(store.changes(since).heads()).isEqualTo(Map.of(FREE, 3L));
            early.commit();
            assertThat(store.changes(since).heads()).isEqualTo(Map.of(FREE, 3L, LOCKED, 1L));
        }
    }

    @Test
    void aFailoverMakesAnotherLife() throws SQLException {
        store.append(List.of(event(FREE)));
        Position before = store.now();
        assertThat(store.changes(before).heads()).isEmpty();
        database.execute("update tutti.life set timeline = 'another'"); // as if the server had been promoted since
        assertThatThrownBy(() -> store.changes(before))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        assertThat(store.changes(store.now()).complete()).isTrue();
        assertThat(store.read(FREE, new Range.After(2), 1)).isEqualTo(new ReadResult.Gap(FREE, 2, 1));
    }
}
