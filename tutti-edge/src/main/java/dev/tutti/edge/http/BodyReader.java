package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;

/** Puts the body of one request together, within a bound. Confined to the request's event loop. */
final class BodyReader {
    static final Duration LINGER = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final int most;
    private final BodyBudget budget;
    private final Consumer<Buffer> then;
    private final Buffer body = Buffer.buffer();
    private int taken;
    private boolean done;

    BodyReader(Exchange exchange, int most, BodyBudget budget, Consumer<Buffer> then) {
        this.exchange = exchange;
        this.most = most;
        this.budget = budget;
        this.then = then;
    }

    void read() {
        HttpServerRequest request = exchange.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && !length.equals("0") && !fits(length)) {
            refuse(tooLarge());
            return;
        }
        request.handler(this::part);
        request.exceptionHandler(_ -> release());
        request.endHandler(_ -> end());
        request.resume();
    }

    private void part(Buffer part) {
        if (done) {
            return;
        }
        if (body.length() + part.length() > most) {
            refuse(tooLarge());
            return;
        }
        try {
            budget.take(part.length());
        } catch (TuttiException full) {
            refuse(full);
            return;
        }
        taken += part.length();
        body.appendBuffer(part);
    }

    private void end() {
        if (!done) {
            release();
            exchange.requestRead();
            then.accept(body);
        }
    }

    private void release() {
        done = true;
        budget.giveBack(taken);
        taken = 0;
    }

    /** What follows is not wanted, so the connection cannot be used again. */
    private void refuse(TuttiException reason) {
        release();
        HttpServerRequest request = exchange.request();
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        exchange.fail(reason);
        // a little later, because closing over unread bytes could take the answer away from the client
        var _ = exchange.later(LINGER, () -> request.connection().close());
    }

    private TuttiException tooLarge() {
        return new TuttiException(ErrorCode.TOO_LARGE, "the body has more than " + most + " bytes");
    }

    private boolean fits(String length) {
        try {
            return Long.parseLong(length.strip()) <= most;
        } catch (NumberFormatException unreadable) {
            return false;
        }
    }
}
