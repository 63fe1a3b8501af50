package dev.tutti.server.hook;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Ids;
import dev.tutti.core.Tutti;
import dev.tutti.core.outage.OutageBreaker;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.HookSettings;
import dev.tutti.server.outbound.OutboundClient;
import dev.tutti.server.outbound.OutboundClient.Answer;
import dev.tutti.server.outbound.SigningSecret;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signed requests to the team's backend, behind a circuit breaker. Safe for use by many threads; blocks. */
final class HookRequests implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HookRequests.class);
    private static final Duration BREAK = Duration.ofSeconds(5);

    private final URI place;
    private final List<SigningSecret> secrets;
    private final Duration timeout;
    private final OutboundClient http;
    private final Tutti tutti;
    private final Clock clock;
    private final MeterRegistry meters;
    private final OutageBreaker breaker;

    /**
     * Requests to {@code url}, as {@code configuration} says.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a setting cannot be used
     */
    HookRequests(Configuration configuration, Tutti tutti, Clock clock, String url) {
        this.http = new OutboundClient(tutti.instance(), true, configuration.value(HookSettings.CONCURRENCY));
        this.place = http.checked(url);
        this.secrets = List.of(SigningSecret.of(configuration
                .value(HookSettings.SECRET)
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.BAD_REQUEST,
                        HookSettings.SECRET.name() + " is not set; " + HookSettings.URL.name() + " needs it"))));
        this.timeout = configuration.value(HookSettings.TIMEOUT);
        this.tutti = tutti;
        this.clock = clock;
        this.meters = tutti.meters();
        this.breaker = new OutageBreaker(BREAK, System::nanoTime)
                .onChange(
                        () -> log.warn(
                                "The backend at {} does not answer as it should; it is given a pause", place.getHost()),
                        () -> log.info("The backend at {} answers again", place.getHost()));
    }

    /** Tells the backend that, unless it is given a pause. */
    void tell(HookQuestion farewell) throws IOException, InterruptedException {
        if (breaker.tryAcquire()) {
            posted(farewell, answer -> answer);
        }
    }

    /**
     * The answer of the backend to that; empty if it is given a pause.
     *
     * @throws IOException if there was no answer that says something
     */
    Optional<HookVerdict> ask(HookQuestion question) throws IOException, InterruptedException {
        return breaker.tryAcquire() ? Optional.of(verdict(question)) : Optional.empty();
    }

    /**
     * A question may be asked again; not after a time-out, which was all the time that there is, nor after an answer that cannot be
     * read, as the next one would be like it.
     */
    private HookVerdict verdict(HookQuestion question) throws IOException, InterruptedException {
        try {
            return posted(question, answer -> read(question, answer));
        } catch (IOException lost) {
            boolean isLast = lost.getCause() instanceof TimeoutException || lost.getCause() instanceof TuttiException;
            if (isLast || !breaker.tryAcquire()) {
                throw lost;
            }
            return posted(question, answer -> read(question, answer));
        }
    }

    private HookVerdict read(HookQuestion question, Answer answer) throws IOException {
        try {
            return tutti.json().read(answer.body(), HookVerdict.Answer.class).verdict();
        } catch (TuttiException unreadable) {
            log.warn("The backend's answer to {} cannot be used: {}", question.kind(), unreadable.getMessage());
            throw new IOException(unreadable);
        }
    }

    /** Makes something of an answer that is a success. */
    private interface Reading<T> {
        T read(Answer answer) throws IOException;
    }

    /** The answer, if it is a success that can be read; with a permission of the breaker, which is told. */
    private <T> T posted(HookQuestion question, Reading<T> reading) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        boolean done = false;
        boolean interrupted = false;
        try {
            byte[] body = tutti.json().bytes(question);
            Answer answer = http.post(
                    place, SigningSecret.headers(secrets, "hook_" + Ids.next(), body, clock.instant()), body, timeout);
            if (!answer.succeeded() || !answer.complete()) {
                throw new IOException("HTTP status " + answer.status());
            }
            T read = reading.read(answer);
            done = true;
            return read;
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        } finally {
            long nanos = System.nanoTime() - begin;
            if (done) {
                breaker.succeeded();
            } else if (interrupted) {
                breaker.release();
            } else {
                breaker.failed();
            }
            timer(question.kind(), done ? "answered" : "failed").record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(String kind, String outcome) {
        return Timer.builder(Hooks.REQUESTS)
                .description("How long requests to the backend took, by their kind and outcome")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .register(meters);
    }

    @Override
    public void close() {
        http.close();
    }
}
