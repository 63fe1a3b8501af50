package dev.tutti.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer that is read from a source while it is sent, no faster than the client reads it. So it may be larger than the
 * memory.
 *
 * @param type the media type, such as {@code image/png}
 * @param length the length in bytes, 0 or more
 * @param source the source of at least {@code length} bytes; more are not sent. If it has fewer, the connection is closed
 */
public record StreamedContent(String type, long length, Source source) {
    /** The source of the bytes. */
    @FunctionalInterface
    public interface Source {
        /**
         * Opens the source. Called on a virtual thread; opening and reading may block. The caller closes the stream. Not called for a HEAD
         * request.
         *
         * @throws IOException if the source cannot be opened
         */
        InputStream open() throws IOException;
    }

    public StreamedContent {
        if (length < 0) {
            throw new IllegalArgumentException("content of " + length + " bytes; allowed are 0 and more");
        }
    }
}
