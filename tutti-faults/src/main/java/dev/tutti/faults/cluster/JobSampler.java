package dev.tutti.faults.cluster;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A program that enqueues jobs by SQL and looks at them, and connects again when PostgreSQL was away. For one thread at a time. */
public final class JobSampler implements AutoCloseable {
    private final DatabaseProgram program;

    JobSampler(DatabaseProgram program) {
        this.program = program;
    }

    /**
     * Enqueues a job in a transaction that is committed, or rolled back if {@code commits} is false; nothing if it is not known
     * whether it was.
     */
    public Optional<Long> enqueue(String kind, boolean commits) {
        return program.does(open -> JobSessions.enqueue(open, kind, commits));
    }

    /** An attempt that was run twice; nothing while PostgreSQL is away. */
    public Optional<String> repeated() {
        return program.does(JobSessions::repeated).flatMap(Function.identity());
    }

    /** An effect of an older attempt after one of a newer attempt; empty if there is none, and while PostgreSQL is away. */
    public Optional<String> late() {
        return program.does(JobSessions::late).flatMap(Function.identity());
    }

    /** A job that is there although its transaction was rolled back; nothing while PostgreSQL is away. */
    public Optional<String> rolledBack() {
        return program.does(JobSessions::rolledBack).flatMap(Function.identity());
    }

    /** One of {@code jobs} that is not completed or has had no effect; the like while PostgreSQL is away. */
    public Optional<String> undone(List<Long> jobs) {
        return program.does(open -> JobSessions.undone(open, jobs))
                .orElse(Optional.of("PostgreSQL does not say what became of the jobs"));
    }

    /** How many attempts have begun; nothing while PostgreSQL is away. */
    public Optional<Integer> attempts() {
        return program.does(JobSessions::attempts);
    }

    @Override
    public void close() {
        program.close();
    }
}
