package dev.tutti.chat;

import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Pending;
import dev.tutti.core.stream.Streams;
import dev.tutti.postgres.sql.Database;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.StreamName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes tables and tells of it by events, in one transaction. Safe for use by many threads; blocks.
 *
 * <p>Locks are taken in this order, so that no two transactions wait for each other: files, the conversation's row,
 * accounts, for share, its members' rows, a message's row, then streams by their names. Names put a conversation's stream before all inboxes.
 */
final class ChatTransaction {
    private final Database database;
    private final Streams streams;
    private final JsonCodec json;

    ChatTransaction(Database database, Streams streams, JsonCodec json) {
        this.database = database;
        this.streams = streams;
        this.json = json;
    }

    /** The work of a transaction; may be done again if the database asks for that. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(Transaction transaction) throws SQLException;
    }

    /** Runs {@code work} in a transaction, and passes its events on when it has been committed. */
    <T extends @Nullable Object> T write(Work<T> work) {
        List<Pending> pending = new ArrayList<>();
        T result = database.transaction(connection -> {
            pending.clear();
            return work.run(new Transaction(connection, pending));
        });
        pending.forEach(Pending::announce);
        return result;
    }

    /** An event to be told. */
    Append event(StreamName stream, String type, ChatEvent event) {
        return new Append(stream, type, json.write(event));
    }

    /** One transaction, as its work sees it. */
    final class Transaction {
        private final Connection connection;
        private final List<Pending> pending;

        private Transaction(Connection connection, List<Pending> pending) {
            this.connection = connection;
            this.pending = pending;
        }

        /** To run statements on. */
        Connection connection() {
            return connection;
        }

        /** Tells one event. Its stream stays locked until the end: later ones must be of streams with greater names. */
        Appended tell(StreamName stream, String type, ChatEvent event) {
            return tell(List.of(event(stream, type, event))).getFirst();
        }

        /** Tells several events, at most 1,000. */
        List<Appended> tell(List<Append> events) {
            Pending told = streams.append(connection, events);
            pending.add(told);
            return told.results();
        }
    }
}
