package dev.tutti.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs are listed, the latest first.
 *
 * @param kind of which kind, or null for all
 * @param state in which state, or null for all
 * @param batch of which batch, or null for all
 * @param before those with smaller ids than this, 1 or more: the smallest of the page before
 * @param limit how many at most, 1 to {@value #MAX_PAGE}
 */
public record JobFilter(
        @Nullable String kind,
        @Nullable JobState state,
        @Nullable String batch,
        long before,
        int limit) {
    /** The most on a page. */
    public static final int MAX_PAGE = 100;

    /** The latest of all kinds. */
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
