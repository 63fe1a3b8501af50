package dev.tutti.file;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.Pictures.Drawn;
import dev.tutti.http.StreamedContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Small pictures of files, each drawn once while it is wanted: those that were made lately are remembered, of 16 MiB in all. Safe
 * for use by many threads; blocks.
 */
final class Thumbnails {
    /** The largest file. */
    static final long MOST_BYTES = 16 << 20;

    private static final long MOST_REMEMBERED = 16 << 20;
    private static final int OVERHEAD = 300;

    private final Pictures pictures;

    /** Of whoever's file, as the right to read that has been looked at before. */
    private final Cache<String, Drawn> remembered = Caffeine.newBuilder()
            .maximumWeight(MOST_REMEMBERED)
            .weigher((String _, Drawn small) -> OVERHEAD + small.bytes().length)
            .build();

    Thumbnails(Pictures pictures) {
        this.pictures = pictures;
    }

    /**
     * A small picture that fits into a square of {@code size} pixels.
     *
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if {@code file} is no picture that can be read, with {@link
     *     ErrorCode#TOO_LARGE} if it has too many pixels or bytes, with {@link ErrorCode#OVERLOADED} if many are wanted
     */
    StreamedContent of(StoredFile file, int size, StreamedContent.Source source) throws IOException {
        FileType type = FileType.named(file.type());
        Pictures.require(type);
        if (file.bytes() > MOST_BYTES) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "the picture has " + file.bytes() + " bytes; allowed for a thumbnail are " + MOST_BYTES);
        }
        try {
            Drawn small = remembered.get(
                    file.sha256() + "-" + size, _ -> make(type, size, source)); // others who want it wait
            return new StreamedContent(
                    small.type(), small.bytes().length, () -> new ByteArrayInputStream(small.bytes()));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private Drawn make(FileType type, int size, StreamedContent.Source source) {
        try (InputStream bytes = source.open()) {
            return pictures.fitting(type, size, bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
