package dev.tutti.file;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Loop;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.core.limit.FairPermits.Caller;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Draws pictures anew, smaller, so that nothing else of them is in the result. Their dimensions are read before a pixel is; what is
 * too large is refused, and of what is not, only as many pixels are kept as the small one is made of. A JPEG in several scans, as
 * progressive ones are, takes memory for all of it outside of the heap, of which it may take 40 MB. Half as many at a time as there
 * are cores; accounts and addresses share the permits fairly. A photograph is turned as the camera was held. Safe for use by many
 * threads; blocks.
 */
public final class Pictures {
    /** The most pixels of a picture. */
    static final long MOST_PIXELS = 25_000_000;

    /** The most pixels of a side: readers hold whole rows, whatever part of them is wanted. */
    private static final int MOST_SIDE = 16_384;

    /** The most memory that a reader takes for the coefficients of a JPEG in several scans: for 13 million pixels of a photograph. */
    static final long MOST_COEFFICIENT_BYTES = 40_000_000;

    /** Of a progressive picture: each pass draws all of it again. */
    private static final int MOST_PASSES = 20;

    /** The most pixels that all passes of a JPEG draw together. */
    private static final long MOST_DRAWN = 100_000_000;

    private static final Set<FileType> READABLE = Set.of(FileType.PNG, FileType.JPEG, FileType.GIF);
    private static final int WAITING = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FairPermits permits;

    public Pictures() {
        this(new FairPermits(
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                WAITING,
                PATIENCE,
                "too many pictures are drawn at a time"));
    }

    Pictures(FairPermits permits) {
        this.permits = permits;
    }

    /**
     * A picture that was drawn.
     *
     * @param type {@code image/png} if something shines through it, {@code image/jpeg} otherwise
     * @param bytes the file; not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Drawn(String type, byte[] bytes) {}

    /**
     * The middle of {@code picture}, a PNG, JPEG or GIF, as a square of at most {@code size} pixels, with a permit of {@code caller}.
     *
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if it is no picture that can be read, with {@link
     *     ErrorCode#TOO_LARGE} if it has more than 25 million pixels, or is a JPEG in several scans that takes more than 40 MB of
     *     memory, with {@link ErrorCode#OVERLOADED} if many are wanted
     */
    public Drawn square(byte[] picture, int size, Caller caller) {
        FileType type = FileType.of(Arrays.copyOf(picture, Math.min(picture.length, FileType.HEAD_BYTES)));
        require(type);
        try {
            return inTurn(caller, () -> drawn(new ByteArrayInputStream(picture), type, size, true));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible); // it is in memory
        }
    }

    /**
     * As large as fits into a square of {@code size} pixels; with the errors of {@link #square}.
     *
     * @param type one of those that can be read
     */
    static Drawn fitting(FileType type, int size, InputStream picture) throws IOException {
        return drawn(picture, type, size, false);
    }

    /** Refuses what is none of the kinds that can be read. */
    static void require(FileType type) {
        if (!READABLE.contains(type)) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    "the picture is " + type.mediaType() + "; allowed are image/png, image/jpeg and image/gif");
        }
    }

    /**
     * Runs {@code work} with a permit of {@code caller}, on a platform thread of its own: native code reads JPEGs, and would block a carrier
     * thread for all other virtual threads. The permit is held until the work ends, even if the caller does not wait for it any more.
     */
    <T> T inTurn(Caller caller, Callable<T> work) throws IOException {
        FairPermits.Permit permit = permits.enter(caller);
        FutureTask<T> task = new FutureTask<>(() -> {
            try {
                return work.call();
            } finally {
                permit.close();
            }
        });
        begin(task, permit);
        try {
            return task.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException lost -> throw lost;
                case UncheckedIOException lost -> throw lost.getCause();
                case TuttiException refused -> throw refused;
                case null, default -> throw new IllegalStateException("a picture could not be drawn", failure);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.TIMEOUT, "the picture was not drawn in time", interrupted);
        }
    }

    private static void begin(Runnable task, FairPermits.Permit permit) {
        try {
            Loop.platform("tutti-picture").start(task);
        } catch (Throwable refused) {
            permit.close();
            throw refused;
        }
    }

    private static Drawn drawn(InputStream picture, FileType type, int size, boolean square) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByMIMEType(type.mediaType());
        ImageReader reader = readers.next();
        Orientation orientation = Orientation.UPRIGHT;
        JpegFrame frame = JpegFrame.NONE;
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(picture)) {
            if (type == FileType.JPEG) {
                orientation = Orientation.of(in);
                frame = JpegFrame.of(in);
            }
            reader.setInput(in, true, true); // without what it says of itself, which may be packed, too
            return encoded(scaled(read(reader, frame, size, square), size, orientation));
        } catch (TuttiException refused) {
            throw refused;
        } catch (IOException | RuntimeException unreadable) { // readers throw anything for broken pictures
            throw new TuttiException(ErrorCode.UNSUPPORTED, "the picture cannot be read", unreadable);
        } finally {
            reader.dispose();
        }
    }

    private static Drawn encoded(BufferedImage image) throws IOException {
        FileType type = image.getColorModel().hasAlpha() ? FileType.PNG : FileType.JPEG;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, type.name(), out);
        return new Drawn(type.mediaType(), out.toByteArray());
    }

    private static BufferedImage read(ImageReader reader, JpegFrame frame, int size, boolean square)
            throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS || Math.max(width, height) > MOST_SIDE) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "the picture has " + width + " x " + height + " pixels; allowed are " + MOST_PIXELS + ", and "
                            + MOST_SIDE + " for a side");
        }
        if (frame.inScans() && frame.coefficientBytes() > MOST_COEFFICIENT_BYTES) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "the picture is a JPEG in several scans of " + width + " x " + height + " pixels, which takes "
                            + frame.coefficientBytes() + " bytes of memory to read; allowed are "
                            + MOST_COEFFICIENT_BYTES);
        }
        int side = Math.min(width, height);
        Rectangle region = square
                ? new Rectangle((width - side) / 2, (height - side) / 2, side, side)
                : new Rectangle(width, height);
        int step = Math.ceilDiv(Math.max(region.width, region.height), 2 * size);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceRegion(region);
        param.setSourceProgressivePasses(
                0, frame.inScans() ? Math.clamp(MOST_DRAWN / ((long) width * height), 1, MOST_PASSES) : MOST_PASSES);
        param.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, param);
    }

    /** Without transparency unless some of it is used: what browsers draw has it always. */
    private static BufferedImage scaled(BufferedImage image, int size, Orientation orientation) {
        boolean transparent = image.getColorModel().hasAlpha();
        BufferedImage small = scaled(
                image, size, orientation, transparent ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        return transparent && isOpaque(small) ? scaled(image, size, orientation, BufferedImage.TYPE_INT_RGB) : small;
    }

    private static boolean isOpaque(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels).allMatch(pixel -> pixel >>> 24 == 0xff);
    }

    private static BufferedImage scaled(BufferedImage image, int size, Orientation orientation, int kind) {
        double factor = Math.min(1, (double) size / Math.max(image.getWidth(), image.getHeight()));
        int width = Math.max(1, (int) Math.round(image.getWidth() * factor));
        int height = Math.max(1, (int) Math.round(image.getHeight() * factor));
        boolean swaps = orientation.swapsSides();
        BufferedImage small = new BufferedImage(swaps ? height : width, swaps ? width : height, kind);
        Graphics2D graphics = small.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.transform(orientation.turning(width, height));
            graphics.drawImage(image, 0, 0, width, height, null);
        } finally {
            graphics.dispose();
        }
        return small;
    }
}
