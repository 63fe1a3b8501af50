package dev.tutti.postgres.replica;

import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A question that many ask at a time, and whose answer must not be older than they are: one asks, and its answer is that of all
 * who came before it began. Safe for use by many threads; blocks for two questions at most.
 */
final class CoalescedQuery<T> {
    /** The question. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws SQLException;
    }

    private record Answer<T>(@Nullable T value, @Nullable SQLException failure) {}

    private final Question<T> question;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile long begun;
    private Answer<T> last = none();

    CoalescedQuery(Question<T> question) {
        this.question = question;
    }

    /** An answer to what was asked after this was called. */
    T ask() throws SQLException {
        long wanted = begun + 1;
        asking.lock();
        try {
            if (begun < wanted) {
                begun = wanted;
                last = none(); // whatever the question throws: an older answer is none
                last = answer();
            }
            if (last.value() == null) {
                throw new SQLException("the primary did not say where its log ends", last.failure());
            }
            return last.value();
        } finally {
            asking.unlock();
        }
    }

    private static <T> Answer<T> none() {
        return new Answer<>(null, null);
    }

    private Answer<T> answer() {
        try {
            return new Answer<>(question.ask(), null);
        } catch (SQLException failure) {
            return new Answer<>(null, failure);
        }
    }
}
