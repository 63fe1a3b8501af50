package dev.tutti.file;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.http.StreamedContent;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Makes small pictures of pictures. Their dimensions are read before a pixel is; what is too large is refused, and of what is
 * not, only as many pixels are kept as the small one is made of. Half as many at a time as there are cores, each once while it is
 * wanted: those that were made lately are remembered, of 16 MiB in all. Safe for use by many threads; blocks.
 */
final class Thumbnails {
    /** The most pixels of a picture. */
    static final long MOST_PIXELS = 25_000_000;

    /** The largest file. */
    static final long MOST_BYTES = 16 << 20;

    private static final Set<FileType> READABLE = Set.of(FileType.PNG, FileType.JPEG, FileType.GIF);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long MOST_REMEMBERED = 16 << 20;
    private static final int OVERHEAD = 300;

    /** A picture that was made; of whoever's file, as the right to read that has been looked at before. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Small(FileType type, byte[] bytes) {}

    private final Cache<String, Small> remembered = Caffeine.newBuilder()
            .maximumWeight(MOST_REMEMBERED)
            .weigher((String _, Small small) -> OVERHEAD + small.bytes().length)
            .build();

    private final Semaphore places =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    /**
     * A small picture that fits into a square of {@code size} pixels.
     *
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if {@code file} is no picture that can be read, with {@link
     *     ErrorCode#TOO_LARGE} if it has too many pixels or bytes, with {@link ErrorCode#OVERLOADED} if many are wanted
     */
    StreamedContent of(StoredFile file, int size, StreamedContent.Source source) throws IOException {
        FileType type = FileType.named(file.type());
        if (!READABLE.contains(type)) {
            throw new TuttiException(ErrorCode.UNSUPPORTED, "there are no thumbnails of " + type.mediaType());
        }
        if (file.bytes() > MOST_BYTES) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "the picture has " + file.bytes() + " bytes; allowed for a thumbnail are " + MOST_BYTES);
        }
        try {
            Small small = remembered.get(
                    file.sha256() + "-" + size, _ -> make(type, size, source)); // others who want it wait
            return new StreamedContent(
                    small.type().mediaType(), small.bytes().length, () -> new ByteArrayInputStream(small.bytes()));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private Small make(FileType type, int size, StreamedContent.Source source) {
        enter();
        try (InputStream bytes = source.open()) {
            return made(bytes, type, size);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            places.release();
        }
    }

    private void enter() {
        try {
            if (!places.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TuttiException(
                        ErrorCode.OVERLOADED, "too many thumbnails are made at a time", Duration.ofSeconds(1));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.TIMEOUT, "the thumbnail was not made in time", interrupted);
        }
    }

    private static Small made(InputStream bytes, FileType type, int size) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByMIMEType(type.mediaType());
        ImageReader reader = readers.next();
        BufferedImage image;
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(bytes)) {
            reader.setInput(in, true, true); // without what it says of itself, which may be packed, too
            image = read(reader, size);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | NullPointerException unreadable) {
            // readers throw all of these for broken pictures
            throw new TuttiException(ErrorCode.UNSUPPORTED, "the picture cannot be read", unreadable);
        } finally {
            reader.dispose();
        }
        FileType made = image.getColorModel().hasAlpha() ? FileType.PNG : FileType.JPEG;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(scaled(image, size, made), made.name(), out);
        return new Small(made, out.toByteArray());
    }

    private static BufferedImage read(ImageReader reader, int size) throws IOException {
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width < 1 || height < 1 || width * height > MOST_PIXELS) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "the picture has " + width + " x " + height + " pixels; allowed for a thumbnail are "
                            + MOST_PIXELS);
        }
        int step = (int) Math.max(1, Math.max(width, height) / (2L * size));
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, param);
    }

    private static BufferedImage scaled(BufferedImage image, int size, FileType type) {
        double factor = Math.min(1, (double) size / Math.max(image.getWidth(), image.getHeight()));
        int width = Math.max(1, (int) Math.round(image.getWidth() * factor));
        int height = Math.max(1, (int) Math.round(image.getHeight() * factor));
        BufferedImage small = new BufferedImage(
                width, height, type == FileType.PNG ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(image, 0, 0, width, height, null);
        } finally {
            graphics.dispose();
        }
        return small;
    }
}
