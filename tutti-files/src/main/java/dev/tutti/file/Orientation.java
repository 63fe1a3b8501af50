package dev.tutti.file;

import java.awt.geom.AffineTransform;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.stream.ImageInputStream;

/** How a picture is to be turned, as the camera says in a JPEG's Exif (tag 274, in the order of its values). Nothing else of that is read. */
enum Orientation {
    UPRIGHT(1, 0, 0, 1),
    MIRRORED(-1, 0, 0, 1),
    UPSIDE_DOWN(-1, 0, 0, -1),
    MIRRORED_UPSIDE_DOWN(1, 0, 0, -1),
    TRANSPOSED(0, 1, 1, 0),
    TO_THE_RIGHT(0, 1, -1, 0),
    TRANSVERSE(0, -1, -1, 0),
    TO_THE_LEFT(0, -1, 1, 0);

    private static final int START_OF_IMAGE = 0xffd8;
    private static final int START_OF_SCAN = 0xffda;
    private static final int APPLICATION_1 = 0xffe1;
    private static final int MOST_SEGMENTS = 64; // before the one that matters
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ENTRY = 12; // bytes of an entry of a directory
    private static final int TAG = 274;
    private static final int SHORT = 3;

    private final int xOfX;
    private final int yOfX;
    private final int xOfY;
    private final int yOfY;

    Orientation(int xOfX, int yOfX, int xOfY, int yOfY) {
        this.xOfX = xOfX;
        this.yOfX = yOfX;
        this.xOfY = xOfY;
        this.yOfY = yOfY;
    }

    /** Whether width and height change places. */
    boolean swapsSides() {
        return xOfX == 0;
    }

    /** Turns a picture of that size, and moves it so that its upper left corner is at the origin again. */
    AffineTransform turning(int width, int height) {
        int left = Math.min(0, xOfX * width + xOfY * height);
        int top = Math.min(0, yOfX * width + yOfY * height);
        return new AffineTransform(xOfX, yOfX, xOfY, yOfY, -left, -top);
    }

    /** Reads it from the JPEG that begins here; upright if that does not say. The stream is where it was afterwards. */
    static Orientation of(ImageInputStream jpeg) throws IOException {
        jpeg.mark();
        try {
            return read(jpeg);
        } finally {
            jpeg.reset();
        }
    }

    private static Orientation read(ImageInputStream jpeg) throws IOException {
        jpeg.setByteOrder(ByteOrder.BIG_ENDIAN);
        try {
            int marker = jpeg.readUnsignedShort();
            for (int segments = 0; segments < MOST_SEGMENTS && marker >= START_OF_IMAGE; segments++) {
                if (marker == START_OF_SCAN) {
                    break;
                }
                if (marker != START_OF_IMAGE) {
                    byte[] segment = new byte[Math.max(0, jpeg.readUnsignedShort() - 2)];
                    jpeg.readFully(segment);
                    boolean exif = marker == APPLICATION_1
                            && segment.length > EXIF.length
                            && Arrays.equals(segment, 0, EXIF.length, EXIF, 0, EXIF.length);
                    if (exif) {
                        return inExif(Arrays.copyOfRange(segment, EXIF.length, segment.length));
                    }
                }
                marker = jpeg.readUnsignedShort();
            }
        } catch (EOFException cut) {
            // it does not say, then
        }
        return UPRIGHT;
    }

    /** The value in the first directory of a TIFF structure. */
    private static Orientation inExif(byte[] tiff) {
        try {
            ByteBuffer exif = ByteBuffer.wrap(tiff);
            exif.order(exif.getShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            exif.position(exif.getInt(4));
            for (int left = Short.toUnsignedInt(exif.getShort()); left > 0; left--) {
                int entry = exif.position();
                if (exif.getShort(entry) == TAG && exif.getShort(entry + 2) == SHORT) {
                    int value = exif.getShort(entry + 8);
                    return value < 1 || value > values().length ? UPRIGHT : values()[value - 1];
                }
                exif.position(entry + ENTRY);
            }
            return UPRIGHT;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException broken) {
            return UPRIGHT;
        }
    }
}
