package dev.tutti.bench.measure;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.function.Function;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Histograms of several parts in one, and as one word of text, to hand them from process to process. Pure. */
public final class Histograms {
    private Histograms() {}

    /** All that {@code histogram} has of {@code parts}. */
    public static <T> Histogram sum(Collection<T> parts, Function<T, Histogram> histogram) {
        Histogram sum = new Histogram(3);
        parts.forEach(part -> sum.add(histogram.apply(part)));
        return sum;
    }

    /** The text of {@code histogram}. */
    public static String text(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    /** The histogram in {@code text}. */
    public static Histogram parse(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getUrlDecoder().decode(text)), 0);
        } catch (DataFormatException failure) {
            throw new IllegalArgumentException("not a histogram: " + text, failure);
        }
    }
}
