package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Puts the body of one request together, within a bound for it, and within what there is for all, of which its address has a
 * share ({@link BodyRoom}). Confined to the request's event loop.
 */
final class BodyReader {
    static final Duration LINGER = Duration.ofSeconds(1);

    /** The most that is reserved for a body before it comes: a client could say that it sends much, and again, at no cost of its own. */
    private static final int MOST_RESERVED = 64 * 1024;

    private final Exchange exchange;
    private final int most;
    private final Consumer<Buffer> then;
    private final Consumer<TuttiException> refuse;
    private Buffer body = Buffer.buffer();
    private boolean declared; // its length, all of which is held from the beginning
    private boolean done;

    BodyReader(Exchange exchange, int most, Consumer<Buffer> then, Consumer<TuttiException> refuse) {
        this.exchange = exchange;
        this.most = most;
        this.then = then;
        this.refuse = refuse;
    }

    void read() {
        HttpServerRequest request = exchange.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && !length.equals("0") && !fits(length)) {
            refuse(tooLarge());
            return;
        }
        request.handler(this::part);
        // what the client says that it will send is taken at once, so that what is refused costs nothing
        declared = length != null;
        int bytes = length == null ? 0 : Integer.parseInt(length.strip());
        if (!hold(bytes)) {
            refuse(overloaded());
            return;
        }
        exchange.atEnd(this::release);
        body = Buffer.buffer(Math.min(bytes, MOST_RESERVED));
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
        if (!declared && !hold(part.length())) {
            refuse(overloaded());
            return;
        }
        body.appendBuffer(part);
    }

    private boolean hold(int bytes) {
        return bytes == 0 || exchange.room().take(bytes);
    }

    private void end() {
        if (!done) {
            done = true;
            exchange.requestRead();
            then.accept(body);
        }
    }

    private void release() {
        done = true;
        exchange.room().requestOver();
    }

    /**
     * Answers without the rest of the body, after which the connection cannot be used again. The rest is read and dropped: a request that
     * pauses keeps up to a megabyte that has come already, for each connection that is refused.
     */
    private void refuse(TuttiException reason) {
        release();
        HttpServerRequest request = exchange.request();
        request.handler(_ -> {});
        request.resume();
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        refuse.accept(reason);
        // a little later, because closing over unread bytes could take the answer away from the client
        var _ = exchange.later(LINGER, () -> request.connection().close());
    }

    static TuttiException overloaded() {
        return new TuttiException(ErrorCode.OVERLOADED, "too much is being read at a time", Duration.ofSeconds(1));
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
