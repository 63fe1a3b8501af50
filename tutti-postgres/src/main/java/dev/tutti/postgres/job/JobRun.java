package dev.tutti.postgres.job;

import dev.tutti.ErrorCode;
import dev.tutti.OpenTransaction;
import dev.tutti.TransactionWork;
import dev.tutti.TuttiException;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobHandler;
import dev.tutti.postgres.job.AttemptTable.Attempt;
import dev.tutti.postgres.job.AttemptTable.Claimed;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One attempt at a job in this process. A thread runs the handler; others may stop it. Safe for use by many threads. */
final class JobRun implements JobContext {
    /** Why one is stopped. */
    enum Stop {
        CANCELLED("the job was cancelled"),
        TIMED_OUT("the attempt took too long"),
        OUTDATED("another attempt at the job has begun"),
        CUT_OFF("its runner cannot reach the database, and another attempt may begin"),
        LEAVING("the instance leaves");

        private final String reason;

        Stop(String reason) {
            this.reason = reason;
        }
    }

    private static final Duration FENCED_PAUSE = Duration.ofSeconds(5);

    private final AttemptTable attempts;
    private final Claimed claimed;
    private final long deadline;
    private final BooleanSupplier cutOff;
    private volatile @Nullable Json progress;
    private volatile @Nullable Stop stopped;
    private volatile boolean handled = true; // written under this: whether its handler runs, or is about to
    private @Nullable Thread thread; // guarded by this: of the handler, while it runs

    /**
     * One that is stopped when its runner's ticker is behind {@code deadline}, or its runner has not reached the database for so
     * long that another attempt may begin: then {@code cutOff} says so.
     */
    JobRun(AttemptTable attempts, Claimed claimed, long deadline, BooleanSupplier cutOff) {
        this.attempts = attempts;
        this.claimed = claimed;
        this.deadline = deadline;
        this.cutOff = cutOff;
        this.progress = claimed.progress();
    }

    /** Runs it on this thread, and gives what the handler throws. */
    Optional<Throwable> run(JobHandler handler) {
        begin();
        try {
            handler.run(this);
            return Optional.empty();
        } catch (Throwable failure) { // whose job it is sees it with the job
            return Optional.of(failure);
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        thread = Thread.currentThread();
        if (stopped != null) {
            thread.interrupt();
        }
    }

    private synchronized void end() {
        handled = false;
        thread = null;
        boolean late = Thread.interrupted(); // what follows is not the handler's
        assert late || !Thread.currentThread().isInterrupted();
    }

    /** Has it end soon. */
    synchronized void stop(Stop why) {
        if (handled && stopped == null) {
            stopped = why;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** Whether its handler runs, or is about to. */
    boolean isHandled() {
        return handled;
    }

    boolean isOver(long now) {
        return now - deadline > 0;
    }

    /** Why it is stopped, if it is. */
    Optional<Stop> stopped() {
        if (cutOff.getAsBoolean()) {
            stop(Stop.CUT_OFF); // whoever looks was sooner than the thread that does
        }
        return Optional.ofNullable(stopped);
    }

    /** Which it is. */
    Attempt which() {
        return claimed.which();
    }

    /** How often the job has failed before. */
    int failures() {
        return claimed.failures();
    }

    @Override
    public long id() {
        return claimed.which().id();
    }

    @Override
    public int attempt() {
        return claimed.which().attempt();
    }

    @Override
    public Json data() {
        return claimed.data();
    }

    @Override
    public Optional<Json> lastProgress() {
        return Optional.ofNullable(progress);
    }

    @Override
    public void progress(Json howFar) {
        if (howFar.length() == 0 || howFar.length() > MAX_PROGRESS_BYTES) {
            throw new TuttiException(
                    howFar.length() == 0 ? ErrorCode.BAD_REQUEST : ErrorCode.TOO_LARGE,
                    "progress has " + howFar.length() + " bytes; allowed are 1 to " + MAX_PROGRESS_BYTES);
        }
        Optional<Boolean> cancelAsked = attempts.progress(which(), howFar);
        if (cancelAsked.isEmpty()) {
            stop(Stop.OUTDATED);
            throw outdated();
        }
        progress = howFar;
        if (cancelAsked.get()) {
            stop(Stop.CANCELLED);
        }
    }

    private TuttiException outdated() {
        return new TuttiException(
                ErrorCode.LEASE_LOST, "attempt " + attempt() + " at job " + id() + " is not the current one any more");
    }

    @Override
    public boolean isCancelled() {
        return stopped().isPresent();
    }

    @Override
    public void check() {
        stopped().ifPresent(why -> {
            throw switch (why) {
                case OUTDATED, CUT_OFF -> new TuttiException(ErrorCode.LEASE_LOST, why.reason);
                case CANCELLED, TIMED_OUT, LEAVING -> new CancellationException(why.reason);
            };
        });
    }

    @Override
    public <T> T fenced(Connection transaction, TransactionWork<T> work) throws SQLException {
        OpenTransaction.require(transaction);
        if (!AttemptTable.fence(transaction, which(), FENCED_PAUSE)) {
            throw outdated();
        }
        return work.on(transaction);
    }
}
