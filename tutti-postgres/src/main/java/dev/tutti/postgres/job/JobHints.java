package dev.tutti.postgres.job;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Loop;
import dev.tutti.job.Job;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies all instances of what this one has committed: that jobs are due, and that streams of jobs have grown. Changes that were
 * committed while the last notification was under way are in the next one. PostgreSQL commits transactions that notify one after
 * the other; those of jobs would wait for one another's disk writes. A hint that is lost costs a second: runners poll, and
 * subscribers sweep. Safe for use by many threads; one virtual thread notifies.
 */
final class JobHints implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobHints.class);
    private static final Sql NOTIFY = new Sql("""
            select pg_notify('tutti_published', s.name || ' ' || s.head::text) from tutti.stream s where s.name = any (?)
            union all
            select pg_notify('tutti_job', '') where ?
            """);
    private static final String DUE = ""; // the name of no stream
    private static final int MOST_WAITING = 10_000; // further ones are lost
    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PROMPT = Duration.ofSeconds(2);

    private final Database database;
    private volatile Runnable here = () -> {};
    private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Loop loop = new Loop(Loop.virtual("tutti-job-hints"), LOOK, this::step);

    /** Begins. */
    JobHints(Database database) {
        this.database = database.within(PROMPT);
        loop.start();
    }

    /** A job has another state, or progress. */
    void changed(long id) {
        boolean kept = waiting.offer(Job.stream(id).value());
        assert kept || waiting.size() > 0;
    }

    /** Has {@code runner} told at once when jobs are due. */
    void here(Runnable runner) {
        here = runner;
    }

    /** Jobs are due. */
    void due() {
        here.run();
        boolean kept = waiting.offer(DUE);
        assert kept || waiting.size() > 0;
    }

    private Duration step() throws InterruptedException {
        @Nullable String first = waiting.poll(LOOK.toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            Set<String> names = new LinkedHashSet<>(Set.of(first));
            int _ = waiting.drainTo(names, MOST_AT_ONCE);
            boolean due = names.remove(DUE);
            try {
                database.statement(connection -> NOTIFY.list(connection, _ -> true, names, due));
            } catch (TuttiException away) {
                log.debug("Runners poll and subscribers sweep instead", away);
                return LOOK;
            }
        }
        return Duration.ZERO;
    }

    /** Notifies no more. Idempotent. */
    @Override
    public void close() {
        due(); // so that it need not wait; an interrupt could tear a connection of the pool
        loop.close();
    }
}
