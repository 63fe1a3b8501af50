package dev.tutti.tck;

import static dev.tutti.tck.Samples.event;
import static dev.tutti.tck.Samples.fill;
import static dev.tutti.tck.Samples.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.TransactionalStreamStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of {@link TransactionalStreamStore}. */
public interface TransactionalStreamStoreContract {
    /** The store; the same one during a test. */
    TransactionalStreamStore transactional();

    /** A new connection to the database of the store, without auto-commit. The test closes it. */
    Connection transaction() throws SQLException;

    @Test
    default void eventsExistWhenTheCallerCommits() throws SQLException {
        StreamName stream = fresh();
        fill(transactional(), stream, 1);
        try (Connection transaction = transaction()) {
            List<Appended> results =
                    transactional().append(transaction, List.of(event(stream, 2, "k"), event(stream, 3)));

            assertThat(results).extracting(Appended::seq).containsExactly(2L, 3L);
            assertThat(Samples.all(transactional(), stream)).hasSize(1);

            transaction.commit();
        }
        assertThat(Samples.all(transactional(), stream)).hasSize(3);
        assertThat(transactional()
                        .append(List.of(event(stream, 2, "k")))
                        .getFirst()
                        .seq())
                .isEqualTo(2);
    }

    @Test
    default void eventsAndTheirKeysAreGoneWhenTheCallerRollsBack() throws SQLException {
        StreamName stream = fresh();
        Position position = transactional().now();
        try (Connection transaction = transaction()) {
            transactional().append(transaction, List.of(event(stream, 1, "k"), event(stream, 2)));
            transaction.rollback();
        }

        assertThat(Samples.all(transactional(), stream)).isEmpty();
        assertThat(transactional().changes(position).heads()).doesNotContainKey(stream);
        assertThat(transactional().append(List.of(event(stream, 1, "k"))))
                .extracting(Appended::seq, Appended::repeated)
                .containsExactly(tuple(1L, false));
    }

    @Test
    default void withoutATransactionNothingIsAppended() throws SQLException {
        StreamName stream = fresh();
        try (Connection byItself = transaction()) {
            byItself.setAutoCommit(true);
            assertThatThrownBy(() -> transactional().append(byItself, List.of(event(stream, 1))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Samples.all(transactional(), stream)).isEmpty();
    }

    @Test
    default void aTransactionMayAppendMoreThanOnce() throws SQLException {
        StreamName stream = fresh();
        try (Connection transaction = transaction()) {
            transactional().append(transaction, List.of(event(stream, 1, "k")));
            List<Appended> results =
                    transactional().append(transaction, List.of(event(stream, 2), event(stream, 1, "k")));

            assertThat(results).extracting(Appended::seq).containsExactly(2L, 1L);
            transaction.commit();
        }
        assertThat(Samples.all(transactional(), stream)).hasSize(2);
    }

    @Test
    default void aTransactionThatCommitsLateIsMissedByNoPosition() throws SQLException {
        StreamName slow = fresh();
        StreamName quick = fresh();
        fill(transactional(), slow, 1);
        Position before = transactional().now();
        try (Connection transaction = transaction()) {
            transactional().append(transaction, List.of(event(slow, 2)));
            fill(transactional(), quick, 1);
            Changes during = transactional().changes(before);
            Position position = transactional().now();
            assertThat(during.heads()).containsEntry(quick, 1L).doesNotContainKey(slow);

            transaction.commit();

            List<StreamName> streams = List.of(slow, quick);
            assertThat(transactional().seen(position, streams)).isEqualTo(Map.of(slow, 1L, quick, 1L));
            assertThat(transactional().changes(position).heads())
                    .containsEntry(slow, 2L)
                    .doesNotContainKey(quick);
            assertThat(transactional().changes(during.now()).heads())
                    .containsEntry(slow, 2L)
                    .doesNotContainKey(quick);
        }
    }
}
