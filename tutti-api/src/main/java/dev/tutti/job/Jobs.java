package dev.tutti.job;

import dev.tutti.TuttiException;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The jobs of a cluster. Any instance can enqueue a job, and so can SQL with {@code tutti.enqueue}. Instances that have a handler for the
 * kind of the job run it. Every job is completed or failed in the end, even if its runners die: the job of a killed runner is begun again
 * within ten seconds. A process that was stopped for a while may continue an attempt while another one runs. Effects of the outdated
 * attempt are refused if they are {@linkplain JobContext#fenced fenced}, even if both attempts have the same number, because the database
 * failed over to a standby that did not know of the first.
 *
 * <p>Safe for use by many threads. Methods that use the database block. All methods except {@link #start} fail with {@link
 * dev.tutti.ErrorCode#UNSUPPORTED} if no backend stores jobs.
 */
public interface Jobs {
    /** The most jobs that can be enqueued in one call. */
    int MOST_AT_ONCE = 1_000;

    /**
     * Registers the handler for jobs of {@code kind}; this instance runs them after {@link #start}.
     *
     * @param kind 1 to 64 characters of {@code a-z 0-9 . _ -}, a letter first
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if the kind is registered already, or {@link #start} was called
     */
    void register(String kind, JobOptions options, JobHandler handler);

    /**
     * Declares a schedule. After {@link #start} a job is enqueued at each of its times, once in the cluster. If no instance ran at some of
     * these times, one job makes up for all of them. But if other instances ran for an hour without this cron, it counts as removed: it
     * starts afresh and makes up for none. A changed expression or zone takes effect for the whole cluster.
     *
     * @throws IllegalArgumentException if the expression is not valid
     * @throws IllegalStateException if a cron with this name is declared already, or {@link #start} was called
     */
    void cron(Cron cron);

    /** Begins to run jobs of the registered kinds, unless this instance is configured to run none. Idempotent. */
    void start();

    /**
     * Enqueues a job, and returns its id. If a job of this kind with the same unique key is pending, or running and not cancelled, no job
     * is enqueued, and the id of that job is returned. If a cancelled job with the key is still running, the new job waits for its end.
     *
     * <p>When this method throws, the job may still have been enqueued, because only the answer of the database was lost. If you enqueue it
     * again, there are two jobs, unless it has a unique key and the first job has not ended.
     *
     * @throws TuttiException if the database cannot be used; with {@link dev.tutti.ErrorCode#UNAVAILABLE} also if another transaction that
     *     has enqueued a job with the same unique key does not end within a second
     */
    long enqueue(JobRequest request);

    /**
     * Enqueues all jobs or none of them, in one transaction, and returns their ids in the same order. This is cheaper than one call for
     * each job.
     *
     * @param requests at most {@value #MOST_AT_ONCE}
     * @throws TuttiException if the database cannot be used
     */
    List<Long> enqueueAll(List<JobRequest> requests);

    /**
     * As {@link #enqueue(JobRequest)}, within the transaction that is open on {@code transaction}, whose isolation level must be read
     * committed. The job exists when the transaction commits.
     *
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode
     */
    long enqueue(Connection transaction, JobRequest request);

    /** The job with the given id; empty if there is none, or it has been deleted. */
    Optional<Job> find(long id);

    /** The jobs that match {@code filter}, the latest first. */
    List<Job> list(JobFilter filter);

    /** The crons that instances have declared, at most 1,000, in the order of their names. */
    List<DeclaredCron> crons();

    /** The number of jobs of a batch in each state. */
    Map<JobState, Long> batch(String name);

    /**
     * Cancels a job. A pending job fails at once. A running job is interrupted: it fails when its handler throws, and is completed
     * if its handler returns.
     *
     * @return whether it was pending or running
     * @throws TuttiException with {@link dev.tutti.ErrorCode#NOT_FOUND} if there is no such job
     */
    boolean cancel(long id);

    /**
     * Makes a failed job pending again, with all of its attempts.
     *
     * @return whether the job had failed
     * @throws TuttiException with {@link dev.tutti.ErrorCode#NOT_FOUND} if there is no such job, and with
     *     {@link dev.tutti.ErrorCode#CONFLICT} if another job holds its unique key now
     */
    boolean retry(long id);
}
