package dev.tutti.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer that is sent as it is read, no faster than the client takes it.
 *
 * @param type the media type
 * @param length in bytes, from 0
 * @param source has at least so many
 */
public record StreamedContent(String type, long length, Source source) {
    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Source {
        /** Opens it, on a virtual thread; may block, and so may reading. Not called for a HEAD. Closed by its caller. */
        InputStream open() throws IOException;
    }

    public StreamedContent {
        if (length < 0) {
            throw new IllegalArgumentException("content of " + length + " bytes; allowed are 0 and more");
        }
    }
}
