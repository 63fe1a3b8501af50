package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.input.Input;
import dev.tutti.edge.stream.JsonFields;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.job.Jobs;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.stream.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/**
 * The routes of {@code /api/server/jobs}, for operators and other programs that work with jobs. Each request shows a key that
 * allows it, by the job's kind. Safe for use by many threads.
 */
public final class JobRoutes {
    private static final int USUAL_PAGE = 50;

    private final Identities identities;
    private final Jobs jobs;
    private final JsonCodec json;

    /** The routes for {@code jobs}. */
    public JobRoutes(Identities identities, Jobs jobs, JsonCodec json) {
        this.identities = identities;
        this.jobs = jobs;
        this.json = json;
    }

    /** Adds them. */
    public void routes(Routes routes) {
        identities
                .programs(routes)
                .on("GET", "/api/server/jobs", this::list)
                .on("POST", "/api/server/jobs", this::enqueue)
                .on("POST", "/api/server/jobs/retry", this::retryFailed)
                .on("GET", "/api/server/jobs/:id", this::find)
                .on("POST", "/api/server/jobs/:id/cancel", this::cancel)
                .on("POST", "/api/server/jobs/:id/retry", this::retry);
        routes.through(identities.programs(Action.JOBS, "*")) // the jobs of a batch may be of several kinds
                .on("GET", "/api/server/jobs/crons", this::crons)
                .on("GET", "/api/server/jobs/batches/:batch", this::batch);
    }

    private Reply list(Request request, ApiKey key) {
        Optional<String> kind = request.query("kind");
        key.require(Action.JOBS, kind.orElse("*"));
        JobFilter filter = new JobFilter(
                kind.orElse(null),
                request.query("state").map(JobRoutes::state).orElse(null),
                request.query("batch").orElse(null),
                request.query("before")
                        .map(text -> Input.number("before", text))
                        .orElse(Long.MAX_VALUE),
                Input.limit(request.query("limit"), USUAL_PAGE, JobFilter.MAX_PAGE));
        List<Job> page = jobs.list(filter);
        List<JobResponse> shown = new ArrayList<>();
        page.forEach(job -> shown.add(shown(job)));
        return Reply.ok(Map.of("jobs", shown));
    }

    private Reply crons(Request request) {
        return Reply.ok(Map.of("crons", jobs.crons()));
    }

    private Reply batch(Request request) {
        Map<String, Long> counts = new TreeMap<>();
        jobs.batch(request.segment("batch")).forEach((state, number) -> counts.put(state.text(), number));
        return Reply.ok(counts);
    }

    /** Retries dead letters of a kind one by one, the latest first; one whose unique key another job has stays one. */
    private Reply retryFailed(Request request, ApiKey key) {
        JsonFields body = JsonFields.read(request.body(Json.class).bytes(), json);
        String kind = body.required("kind");
        JobRequest.requireKind(kind);
        key.require(Action.JOBS, kind);
        int limit = Input.limit(body.number("limit").map(String::valueOf), USUAL_PAGE, JobFilter.MAX_PAGE);
        List<Job> failed = jobs.list(new JobFilter(
                kind,
                JobState.FAILED,
                body.text("batch").orElse(null),
                body.number("before").orElse(Long.MAX_VALUE),
                limit));
        int retried = 0;
        for (Job job : failed) {
            retried += isRetried(job.id()) ? 1 : 0;
        }
        return Reply.ok(
                new Retried(retried, failed.size() == limit ? failed.getLast().id() : null));
    }

    private boolean isRetried(long id) {
        try {
            return jobs.retry(id);
        } catch (TuttiException refused) {
            if (refused.code() != ErrorCode.CONFLICT && refused.code() != ErrorCode.NOT_FOUND) {
                throw refused;
            }
            return false;
        }
    }

    private record Retried(int retried, @Nullable Long before) {}

    private static JobState state(String text) {
        return Arrays.stream(JobState.values())
                .filter(state -> state.text().equals(text))
                .findFirst()
                .orElseThrow(() -> Input.refused("state '" + text.toLowerCase(Locale.ROOT)
                        + "' is none of pending, running, completed, failed"));
    }

    private Reply enqueue(Request request, ApiKey key) {
        JsonFields body = JsonFields.read(request.body(Json.class).bytes(), json);
        String kind = body.required("kind");
        JobRequest.requireKind(kind);
        key.require(Action.JOBS, kind);
        JobRequest wish = new JobRequest(
                kind,
                body.payload().orElseThrow(() -> Input.refused("data is missing")),
                body.text("runAt").map(JobRoutes::time).orElse(null),
                body.integer("priority").orElse(0),
                body.text("uniqueKey").orElse(null),
                body.text("batch").orElse(null),
                body.text("owner").orElse(null),
                body.integer("attempts").orElse(null));
        return Reply.created(shown(found(jobs.enqueue(wish))));
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException unreadable) {
            throw Input.refused("runAt is no time such as 2030-01-31T09:00:00Z");
        }
    }

    private Reply find(Request request, ApiKey key) {
        return Reply.ok(shown(allowed(request, key)));
    }

    private Reply cancel(Request request, ApiKey key) {
        Job job = allowed(request, key);
        if (!jobs.cancel(job.id())) {
            throw new TuttiException(ErrorCode.CONFLICT, "job " + job.id() + " has ended");
        }
        return Reply.ok(shown(found(job.id())));
    }

    private Reply retry(Request request, ApiKey key) {
        Job job = allowed(request, key);
        if (!jobs.retry(job.id())) {
            throw new TuttiException(ErrorCode.CONFLICT, "job " + job.id() + " has not failed");
        }
        return Reply.ok(shown(found(job.id())));
    }

    /** The job that {@code request} names, if {@code key} allows its kind. */
    private Job allowed(Request request, ApiKey key) {
        Job job = found(Input.number("id", request.segment("id")));
        key.require(Action.JOBS, job.kind());
        return job;
    }

    private Job found(long id) {
        return jobs.find(id).orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "there is no job " + id));
    }

    private record JobResponse(
            long id,
            String kind,
            RawValue data, // as it is: it may be more than is read
            String state,
            int attempt,
            int failures,
            int priority,
            @Nullable String uniqueKey,
            @Nullable String batch,
            @Nullable String owner,
            Instant runAt,
            @Nullable RawValue progress,
            @Nullable String error,
            boolean cancelAsked,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {}

    private static JobResponse shown(Job job) {
        Json progress = job.progress();
        return new JobResponse(
                job.id(),
                job.kind(),
                new RawValue(job.data().toString()),
                job.state().text(),
                job.attempt(),
                job.failures(),
                job.priority(),
                job.uniqueKey(),
                job.batch(),
                job.owner(),
                job.runAt(),
                progress == null ? null : new RawValue(progress.toString()),
                job.error(),
                job.cancelAsked(),
                job.createdAt(),
                job.startedAt(),
                job.finishedAt());
    }
}
