package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Puts the body of one request together, within a bound. Confined to the request's event loop. */
final class BodyReader implements Handler<Buffer> {
    private final Exchange exchange;
    private final int most;
    private final Buffer body = Buffer.buffer();
    private boolean refused;

    private BodyReader(Exchange exchange, int most) {
        this.exchange = exchange;
        this.most = most;
    }

    static void read(Exchange exchange, int most, Consumer<Buffer> then) {
        HttpServerRequest request = exchange.request();
        BodyReader reader = new BodyReader(exchange, most);
        if (tooLong(request, most)) {
            reader.refuse();
            return;
        }
        request.handler(reader);
        request.endHandler(_ -> {
            if (!reader.refused) {
                then.accept(reader.body);
            }
        });
        request.resume();
    }

    @Override
    public void handle(Buffer part) {
        if (refused) {
            return;
        }
        if (body.length() + part.length() > most) {
            refuse();
        } else {
            body.appendBuffer(part);
        }
    }

    private void refuse() {
        refused = true;
        // what follows is not read; the connection cannot be used again
        exchange.request().response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        exchange.fail(new TuttiException(ErrorCode.TOO_LARGE, "the body has more than " + most + " bytes"));
        exchange.closeAfterAnswer();
    }

    private static boolean tooLong(HttpServerRequest request, int most) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length != null && Long.parseLong(length.strip()) > most;
        } catch (NumberFormatException unreadable) {
            return true; // Netty refuses it before; never trust it otherwise
        }
    }
}
