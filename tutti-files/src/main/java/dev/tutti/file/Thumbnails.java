package dev.tutti.file;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.Pictures.Drawn;
import dev.tutti.http.StreamedContent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Small pictures of files, each drawn once while it is wanted: those that were made lately are remembered, of 16 MiB in all. Safe
 * for use by many threads; blocks.
 */
final class Thumbnails {
    /** The largest file. */
    static final long MOST_BYTES = 16 << 20;

    private static final long MOST_REMEMBERED = 16 << 20;
    private static final int OVERHEAD = 300;
    private static final Duration LONG = Duration.ofDays(365); // or until there is no room
    private static final Duration REFUSAL_REMEMBERED = Duration.ofMinutes(1); // the store may have failed in the middle

    private final Pictures pictures;

    /** Of whoever's file, as the right to read that has been looked at before. */
    private final Cache<String, Made> remembered = Caffeine.newBuilder()
            .maximumWeight(MOST_REMEMBERED)
            .weigher((String _, Made made) -> OVERHEAD + made.bytes())
            .expireAfter(Expiry.creating((String _, Made made) -> made.refusal() == null ? LONG : REFUSAL_REMEMBERED))
            .build();

    /** What was made of a file: a small picture, or the reason why there is none, which costs as much to find out. */
    private record Made(@Nullable Drawn drawn, @Nullable TuttiException refusal) {
        int bytes() {
            return drawn == null ? 0 : drawn.bytes().length;
        }
    }

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
            Made made = remembered.get(
                    file.sha256() + "-" + size, _ -> make(type, size, source)); // others who want it wait
            if (made.refusal() != null) {
                throw new TuttiException(
                        made.refusal().code(), String.valueOf(made.refusal().getMessage()), made.refusal());
            }
            Drawn small = requireNonNull(made.drawn());
            return new StreamedContent(
                    small.type(), small.bytes().length, () -> new ByteArrayInputStream(small.bytes()));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private Made make(FileType type, int size, StreamedContent.Source source) {
        try (InputStream bytes = source.open()) {
            return new Made(pictures.fitting(type, size, bytes), null);
        } catch (TuttiException refused) {
            if (refused.code() == ErrorCode.UNSUPPORTED || refused.code() == ErrorCode.TOO_LARGE) {
                return new Made(null, refused);
            }
            throw refused;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
