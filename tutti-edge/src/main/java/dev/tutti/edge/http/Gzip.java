package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compressed answers and bodies, off the event loop. */
final class Gzip {
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
     * What {@code bytes} were before they were compressed.
     *
     * @throws TuttiException with {@link ErrorCode#TOO_LARGE} if that is more than {@code most} bytes, with {@link
     *     ErrorCode#BAD_REQUEST} if they are not gzip
     */
    static byte[] uncompressed(byte[] bytes, int most) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] whole = gzip.readNBytes(most);
            if (gzip.read() >= 0) {
                throw new TuttiException(ErrorCode.TOO_LARGE, "the body has more than " + most + " bytes unpacked");
            }
            return whole;
        } catch (IOException broken) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "the body is not gzip", broken);
        }
    }
}
