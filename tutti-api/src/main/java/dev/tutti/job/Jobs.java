package dev.tutti.job;

import dev.tutti.TuttiException;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The jobs of a cluster: enqueued by any instance, and by SQL with {@code tutti.enqueue}, and run by those that have a handler
 * for their kind. A job is completed or failed in the end, whatever becomes of its runners: one of a runner that was killed is
 * begun anew within ten seconds. An attempt that goes on beside another one, as of a process that stood still, is refused where
 * its effects are {@linkplain JobContext#fenced fenced}, also when the two have one number because a database was promoted that had
 * not heard of the first.
 *
 * <p>Safe for use by many threads; what asks the database blocks. All methods but {@link #start} fail with {@link
 * dev.tutti.ErrorCode#UNSUPPORTED} if no backend keeps jobs.
 */
public interface Jobs {
    /** As many may be enqueued in one call. */
    int MOST_AT_ONCE = 1_000;

    /**
     * This instance runs jobs of that kind, from {@link #start} on.
     *
     * @param kind 1 to 64 characters of {@code a-z 0-9 . _ -}, a letter first
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if the kind is registered, or this instance has been started
     */
    void register(String kind, JobOptions options, JobHandler handler);

    /**
     * Has a job enqueued again and again, from {@link #start} on, also by the other instances. Times at which no instance ran
     * are made up for by one job, unless others ran for an hour without this cron: then it begins anew. One that has another expression or
     * zone than before is changed for all.
     *
     * @throws IllegalArgumentException if the expression cannot be read
     * @throws IllegalStateException if there is one with that name, or this instance has been started
     */
    void cron(Cron cron);

    /** Begins to run jobs of the kinds that are registered, if this instance is one that runs any. Idempotent. */
    void start();

    /**
     * Enqueues a job, and answers its id, or that of the one that has its unique key already: one that is pending, or running and not
     * cancelled. While a cancelled one with the key still runs the new one waits.
     *
     * <p>When this throws, the job may have been enqueued all the same: the answer may be what was lost. Enqueued again it is there
     * twice, unless it has a unique key and the first has not ended.
     *
     * @throws TuttiException if the database cannot be used; with {@link dev.tutti.ErrorCode#UNAVAILABLE} also if a transaction
     *     that has enqueued one with the same unique key is open for a second more
     */
    long enqueue(JobRequest request);

    /**
     * Enqueues jobs in one transaction, all or none of them, and answers their ids in the same order. Costs less than one at a time.
     *
     * @param requests at most {@value #MOST_AT_ONCE}
     * @throws TuttiException if the database cannot be used
     */
    List<Long> enqueueAll(List<JobRequest> requests);

    /**
     * The same as {@link #enqueue(JobRequest)} within the transaction that is open on {@code transaction}, which must be read committed: the job is there
     * when that commits.
     *
     * @throws IllegalArgumentException if {@code transaction} commits by itself
     */
    long enqueue(Connection transaction, JobRequest request);

    /** The job with that id, if there is one still. */
    Optional<Job> find(long id);

    /** Those that {@code filter} lets through, the latest first. */
    List<Job> list(JobFilter filter);

    /** The crons that instances have declared, at most 1,000, by name. */
    List<DeclaredCron> crons();

    /** How many of a batch are in each state. */
    Map<JobState, Long> batch(String name);

    /**
     * Cancels a job: a pending one has failed at once, a running one is interrupted and has failed when its handler is done,
     * or is completed if that takes no notice.
     *
     * @return whether it was pending or running
     * @throws TuttiException with {@link dev.tutti.ErrorCode#NOT_FOUND} if there is no such job
     */
    boolean cancel(long id);

    /**
     * Makes a failed job pending again, with as many attempts as at first.
     *
     * @return whether it had failed
     * @throws TuttiException with {@link dev.tutti.ErrorCode#NOT_FOUND} if there is no such job, and with
     *     {@link dev.tutti.ErrorCode#CONFLICT} if another one has its unique key meanwhile
     */
    boolean retry(long id);
}
