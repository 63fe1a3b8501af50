package dev.tutti.job;

/** The work of the jobs of one kind. */
@FunctionalInterface
public interface JobHandler {
    /**
     * Does one, on a virtual thread, which is interrupted when the job is cancelled, its time is over, or the instance leaves or
     * cannot reach the database. The job is completed when this returns. It may be run again after it was done, when the instance
     * dies between the two: what must not be done twice is done {@linkplain JobContext#fenced fenced}, or by the job's id.
     *
     * @throws Exception any: the job is tried again later, or has failed if it was the last attempt
     */
    void run(JobContext job) throws Exception;
}
