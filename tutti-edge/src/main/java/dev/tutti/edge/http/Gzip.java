package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.CpuPermits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compressed answers and bodies, off the event loop. */
final class Gzip {
    private static final int PART_BYTES = CpuPermits.BYTES;

    private Gzip() {}

    /** Whether an Accept-Encoding header allows gzip. */
    static boolean accepted(Optional<String> acceptEncoding) {
        return acceptEncoding
                .map(header -> Arrays.stream(header.toLowerCase(Locale.ROOT).split(",", -1))
                        .map(coding -> coding.replace(" ", ""))
                        .anyMatch(coding -> coding.equals("gzip")
                                || (coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?"))))
                .orElse(false);
    }

    static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory cannot fail to be written to", impossible);
        }
        return out.toByteArray();
    }

    /**
     * The bytes that {@code bytes} were before they were compressed. If they are many, the rest of them is unpacked in turn ({@link
     * CpuPermits}).
     *
     * @param room takes room for so many more of them, before they are kept; false if there is none
     * @throws TuttiException with {@link ErrorCode#TOO_LARGE} if they are more than {@code most}, with {@link
     *     ErrorCode#OVERLOADED} if there is no room for them, with {@link ErrorCode#BAD_REQUEST} if this is not gzip
     */
    static byte[] uncompressed(byte[] bytes, int most, IntPredicate room) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] first = part(gzip, 0, most, room);
            return first.length < PART_BYTES ? first : CpuPermits.inTurn(most, () -> whole(first, gzip, most, room));
        } catch (IOException | UncheckedIOException broken) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "the body is not gzip", broken);
        }
    }

    private static byte[] whole(byte[] first, GZIPInputStream gzip, int most, IntPredicate room) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(2 * PART_BYTES);
        try {
            for (byte[] part = first; part.length > 0; part = part(gzip, whole.size(), most, room)) {
                whole.writeBytes(part);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return whole.toByteArray();
    }

    /** The next bytes behind {@code before} others, {@value #PART_BYTES} at most; none at the end. */
    private static byte[] part(GZIPInputStream gzip, int before, int most, IntPredicate room) throws IOException {
        byte[] part = gzip.readNBytes(PART_BYTES);
        if (before + part.length > most) {
            throw new TuttiException(ErrorCode.TOO_LARGE, "the body has more than " + most + " bytes unpacked");
        }
        if (part.length > 0 && !room.test(part.length)) {
            throw BodyReader.overloaded();
        }
        return part;
    }
}
