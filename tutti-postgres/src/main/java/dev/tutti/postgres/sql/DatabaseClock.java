package dev.tutti.postgres.sql;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Periodic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's clock, which all instances have in common: one of them judges by it what another has issued. It is asked every few
 * seconds, and carried on by the monotonic clock in between and while the database is away. This machine's own wall clock is never
 * looked at, wrong or set anew as it may be. Safe for use by many threads; reading it does not block.
 */
public final class DatabaseClock extends Clock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** An answer that took longer tells too little, but once in a while it is taken for want of a better one. */
    private static final Duration GOOD = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration OLD = Duration.ofMinutes(1);
    private static final Sql NOW = new Sql("select clock_timestamp() as now");

    /** The database's time at a moment of the monotonic clock. */
    private record Reading(Instant time, long nanos) {}

    private final Database database;
    private final LongSupplier ticker;
    private final Periodic measuring;
    private volatile Reading reading;

    /** The clock of {@code database}, which is asked before this returns. */
    public DatabaseClock(DataSource database) {
        this(database, System::nanoTime);
    }

    DatabaseClock(DataSource database, LongSupplier ticker) {
        Database patient = new Database(database);
        this.database = patient.within(PATIENCE);
        this.ticker = ticker;
        this.reading = ask(patient, ticker).reading(); // without it nothing starts
        this.measuring = new Periodic("tutti-clock", INTERVAL, this::measure);
    }

    private record Answer(Reading reading, Duration took) {}

    private static Answer ask(Database database, LongSupplier ticker) {
        return database.statement(connection -> {
            long asked = ticker.getAsLong();
            Instant time =
                    NOW.first(connection, rows -> Sql.instant(rows, "now")).orElseThrow();
            long took = ticker.getAsLong() - asked;
            return new Answer(new Reading(time, asked + took / 2), Duration.ofNanos(took));
        });
    }

    private void measure() {
        try {
            Answer answer = ask(database, ticker);
            boolean old = ticker.getAsLong() - reading.nanos() > OLD.toNanos();
            if (old || answer.took().compareTo(GOOD) <= 0) {
                reading = answer.reading();
            }
        } catch (TuttiException away) {
            log.debug("The database's clock cannot be read; carried on by this machine's", away);
        }
    }

    @Override
    public Instant instant() {
        Reading known = reading;
        return known.time().plusNanos(ticker.getAsLong() - known.nanos());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the database's clock is read in UTC");
    }

    @Override
    public void close() {
        measuring.close();
    }
}
