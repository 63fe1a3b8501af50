package dev.tutti.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import org.jspecify.annotations.Nullable;

/**
 * A filter for a list of jobs, the latest first.
 *
 * @param kind the kind of the jobs; null for all kinds
 * @param state the state of the jobs; null for all states
 * @param batch the batch of the jobs; null for all jobs
 * @param before only jobs with smaller ids, 1 or more; for the next page, the smallest id of the page before
 * @param limit the most jobs on the page, 1 to {@value #MAX_PAGE}
 */
public record JobFilter(
        @Nullable String kind,
        @Nullable JobState state,
        @Nullable String batch,
        long before,
        int limit) {
    /** The most on a page. */
    public static final int MAX_PAGE = 100;

    /** The latest jobs of all kinds. */
    public static final JobFilter ALL = new JobFilter(null, null, null, Long.MAX_VALUE, MAX_PAGE);

    public JobFilter {
        if (kind != null) {
            JobRequest.requireKind(kind);
        }
        JobRequest.requireKey("batch", batch);
        if (before < 1) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "before " + before + "; allowed are 1 and more");
        }
        if (limit < 1 || limit > MAX_PAGE) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "limit " + limit + "; allowed are 1 to " + MAX_PAGE);
        }
    }
}
