package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.http.StreamedContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one body as it is read, on the thread that reads it: {@value #PARTS} parts of {@value #PART_BYTES} bytes are on their way
 * at a time. A client that takes none of them for a while is cut, and so is one whose body cannot be read on: it must not
 * take what it got for the whole.
 */
final class ContentSender {
    /** The part that one sender holds of the room for bodies, in bytes. */
    static final int HELD_BYTES = 128 * 1024;

    private static final int PARTS = 2;
    private static final int PART_BYTES = 64 * 1024;
    private static final Logger log = LoggerFactory.getLogger(ContentSender.class);

    private final Exchange exchange;
    private final StreamedContent content;
    private final Duration patience;
    private final Semaphore room = new Semaphore(PARTS);
    private final AtomicBoolean gone = new AtomicBoolean();

    ContentSender(Exchange exchange, StreamedContent content, Duration patience) {
        this.exchange = exchange;
        this.content = content;
        this.patience = patience;
    }

    /** Sends all of {@code bytes} behind the head, which has been written. Blocks. */
    void send(InputStream bytes) {
        try {
            long left = content.length();
            while (left > 0 && hasRoom()) {
                byte[] part = bytes.readNBytes((int) Math.min(left, PART_BYTES));
                if (part.length == 0) {
                    throw new EOFException("there are " + left + " bytes less than the answer has announced");
                }
                left -= part.length;
                write(part);
            }
            if (left == 0 && !gone.get()) {
                exchange.onLoop(() -> exchange.request().response().end());
            } else {
                cut();
            }
        } catch (IOException | RuntimeException unreadable) {
            cut();
            if (isRefusal(unreadable)) {
                log.debug("An answer was cut, because its client may not have the rest", unreadable);
            } else if (!gone.get()) {
                log.error("An answer was cut, because what it was to send cannot be read", unreadable);
            }
        }
    }

    /**
     * Whether somebody may not have the rest, such as a file that was deleted meanwhile: people bring that about, as often as they
     * like.
     */
    private static boolean isRefusal(Exception unreadable) {
        return unreadable instanceof TuttiException refused
                && switch (refused.code()) {
                    case RATE_LIMITED, QUOTA_EXCEEDED -> true;
                    default -> refused.code().retry() == ErrorCode.Retry.NEVER;
                };
    }

    private boolean hasRoom() {
        try {
            return room.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS) && !gone.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void write(byte[] part) {
        exchange.onLoop(() -> {
            HttpServerResponse response = exchange.request().response();
            if (response.closed() || response.ended()) {
                gone.set(true);
                room.release();
                return;
            }
            response.write(Buffer.buffer(part)).onComplete(written -> {
                if (written.failed()) {
                    gone.set(true);
                }
                room.release();
            });
        });
    }

    private void cut() {
        exchange.onLoop(() -> exchange.request().connection().close());
    }
}
