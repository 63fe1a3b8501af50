package dev.tutti.file;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.FairPermits.Caller;
import dev.tutti.file.Pictures.Drawn;
import dev.tutti.http.StreamedContent;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;
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
    private static final Duration REFUSAL_REMEMBERED = Duration.ofHours(1);

    /** How long the store may take in one turn: less than others wait for theirs. */
    private static final Duration READING = Duration.ofSeconds(4);

    private final Pictures pictures;
    private final LongSupplier ticker;

    /** Of whoever's file, as the right to read that has been looked at before. */
    private final Cache<String, ThumbnailResult> remembered;

    /** The outcome for a file: a small picture, or the reason why there is none, which costs as much to find out. */
    private record ThumbnailResult(
            @Nullable Drawn drawn, @Nullable TuttiException refusal) {
        int bytes() {
            return drawn == null ? 0 : drawn.bytes().length;
        }
    }

    /** Small pictures that {@code pictures} draws; {@code ticker} tells how long they have been remembered, and the store takes. */
    Thumbnails(Pictures pictures, LongSupplier ticker) {
        this.pictures = pictures;
        this.ticker = ticker;
        this.remembered = Caffeine.newBuilder()
                .maximumWeight(MOST_REMEMBERED)
                .weigher((String _, ThumbnailResult made) -> OVERHEAD + made.bytes())
                .expireAfter(Expiry.creating(
                        (String _, ThumbnailResult made) -> made.refusal() == null ? LONG : REFUSAL_REMEMBERED))
                .ticker(ticker::getAsLong)
                .build();
    }

    /**
     * A small picture that fits into a square of {@code size} pixels, drawn in the turn of {@code caller} if it is not there.
     *
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if {@code file} is no picture that can be read, with {@link
     *     ErrorCode#TOO_LARGE} if it has too many pixels or bytes, with {@link ErrorCode#OVERLOADED} if many are wanted, with {@link
     *     ErrorCode#UNAVAILABLE} if the store fails, with {@link ErrorCode#TIMEOUT} if it takes more than four seconds
     */
    StreamedContent of(StoredFile file, int size, Caller caller, StreamedContent.Source source) throws IOException {
        FileType type = FileType.named(file.type());
        Pictures.require(type);
        if (file.bytes() > MOST_BYTES) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "the picture has " + file.bytes() + " bytes; allowed for a thumbnail are " + MOST_BYTES);
        }
        String key = file.sha256() + "-" + size;
        ThumbnailResult made = remembered.getIfPresent(key);
        if (made == null) {
            // one that is asked for twice is made in the first turn: nobody waits for the turn of somebody else
            made = pictures.inTurn(caller, () -> remembered.get(key, _ -> make(type, size, source)));
        }
        if (made.refusal() != null) {
            throw new TuttiException(
                    made.refusal().code(), String.valueOf(made.refusal().getMessage()), made.refusal());
        }
        Drawn small = requireNonNull(made.drawn());
        return new StreamedContent(small.type(), small.bytes().length, () -> new ByteArrayInputStream(small.bytes()));
    }

    private ThumbnailResult make(FileType type, int size, StreamedContent.Source source) {
        try (StoredBytes bytes = new StoredBytes(source.open(), ticker)) {
            ThumbnailResult made = made(type, size, bytes);
            bytes.requireRead();
            return made;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ThumbnailResult made(FileType type, int size, InputStream bytes) throws IOException {
        try {
            return new ThumbnailResult(Pictures.fitting(type, size, bytes), null);
        } catch (TuttiException refused) {
            if (refused.code() == ErrorCode.UNSUPPORTED || refused.code() == ErrorCode.TOO_LARGE) {
                return new ThumbnailResult(null, refused);
            }
            throw refused;
        }
    }

    /** Notes that the store fails or is slow, which readers of pictures take for a fault of the picture. For one thread. */
    private static final class StoredBytes extends FilterInputStream {
        private final LongSupplier ticker;
        private long waited;
        private @Nullable Exception failure;

        StoredBytes(InputStream in, LongSupplier ticker) {
            super(in);
            this.ticker = ticker;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            long begin = ticker.getAsLong();
            try {
                if (waited > READING.toNanos()) {
                    throw new TuttiException(ErrorCode.TIMEOUT, "the store takes too long for the picture");
                }
                return super.read(into, from, length);
            } catch (IOException | RuntimeException failed) {
                failure = failed;
                throw failed;
            } finally {
                waited += ticker.getAsLong() - begin;
            }
        }

        /** Throws if it has failed. */
        void requireRead() {
            if (failure instanceof TuttiException told) {
                throw told;
            }
            if (failure != null) {
                throw new TuttiException(
                        ErrorCode.UNAVAILABLE, "the picture could not be read from the store", failure);
            }
        }
    }
}
