package dev.tutti.job;

/** The work of the jobs of one kind. */
@FunctionalInterface
public interface JobHandler {
    /**
     * Runs one attempt at a job, on a virtual thread. The thread is interrupted when the job is cancelled, the attempt times out, or the
     * instance leaves or cannot reach the database. The job is completed when this method returns. If the instance dies after an effect and
     * before the end of the attempt, the job runs again. Effects that must not happen twice need {@link JobContext#fenced}, or the job's id
     * as a key.
     *
     * @throws Exception any exception; the job is tried again later, or has failed if this was the last attempt
     */
    void run(JobContext job) throws Exception;
}
