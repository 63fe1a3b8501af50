package dev.tutti.file;

import java.io.IOException;
import java.nio.ByteOrder;
import javax.imageio.stream.ImageInputStream;

/**
 * The memory that the reader of a JPEG takes beside the pixels, as its head says (ITU-T T.81, annex B). Markers are found as libjpeg
 * finds them, past bytes that are no marker, so that there is no other head behind the one that was looked at.
 *
 * @param inScans whether it comes in several scans, each of which has a part of all blocks: the reader keeps the coefficients then
 * @param coefficientBytes how many bytes these are
 */
record JpegFrame(boolean inScans, long coefficientBytes) {
    /** Of a picture that is no JPEG. */
    static final JpegFrame NONE = new JpegFrame(false, 0);

    private static final int START_OF_SCAN = 0xda;
    private static final int BLOCK = 8; // pixels of a side
    private static final int BLOCK_BYTES = 2 * BLOCK * BLOCK;

    /** Before the first scan; a profile of colours may take 255. */
    private static final int MOST_SEGMENTS = 1000;

    /** Before a marker. */
    private static final int MOST_GARBAGE = 1 << 16;

    /**
     * Reads it from the JPEG that begins here. The stream is where it was afterwards.
     *
     * @throws IOException if there is none before the first scan, or none within a thousand segments
     */
    static JpegFrame of(ImageInputStream jpeg) throws IOException {
        jpeg.mark();
        try {
            return read(jpeg);
        } finally {
            jpeg.reset();
        }
    }

    private static JpegFrame read(ImageInputStream jpeg) throws IOException {
        jpeg.setByteOrder(ByteOrder.BIG_ENDIAN);
        boolean progressive = false;
        int components = 0;
        long bytes = 0;
        for (int segments = 0; segments < MOST_SEGMENTS; segments++) {
            int marker = marker(jpeg);
            if (isAlone(marker)) {
                continue;
            }
            long end = jpeg.getStreamPosition() + jpeg.readUnsignedShort();
            if (marker == START_OF_SCAN) {
                if (components == 0) {
                    throw new IOException("a JPEG with a scan before its frame");
                }
                return new JpegFrame(jpeg.readUnsignedByte() < components || progressive, bytes);
            }
            if (isFrame(marker)) {
                progressive = (marker & 3) == 2;
                int _ = jpeg.readUnsignedByte(); // bits of a sample
                int height = jpeg.readUnsignedShort();
                int width = jpeg.readUnsignedShort();
                components = jpeg.readUnsignedByte();
                bytes = BLOCK_BYTES * blocks(jpeg, components, width, height);
            }
            jpeg.seek(end);
        }
        throw new IOException("a JPEG with more than " + MOST_SEGMENTS + " segments before its first scan");
    }

    /** The code of the next marker. */
    private static int marker(ImageInputStream jpeg) throws IOException {
        long begin = jpeg.getStreamPosition();
        boolean fill = false;
        while (jpeg.getStreamPosition() - begin < MOST_GARBAGE) {
            int read = jpeg.readUnsignedByte();
            if (fill && read != 0 && read != 0xff) {
                return read;
            }
            fill = read == 0xff;
        }
        throw new IOException("a JPEG with more than " + MOST_GARBAGE + " bytes before a marker");
    }

    /** Whether nothing belongs to a marker: beginnings and ends of images, and what stands between parts of scans. */
    private static boolean isAlone(int marker) {
        return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd9);
    }

    /** Whether it begins a frame: the others in its range have tables. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** The blocks of all components, each as much smaller than the picture as its sampling says. */
    private static long blocks(ImageInputStream jpeg, int components, int width, int height) throws IOException {
        int[] across = new int[components];
        int[] down = new int[components];
        int mostAcross = 1;
        int mostDown = 1;
        for (int i = 0; i < components; i++) {
            int _ = jpeg.readUnsignedByte(); // its name
            int sampling = jpeg.readUnsignedByte();
            int _ = jpeg.readUnsignedByte(); // its table
            across[i] = sampling >> 4;
            down[i] = sampling & 0xf;
            if (across[i] == 0 || down[i] == 0) {
                throw new IOException("a JPEG with a component that has no samples");
            }
            mostAcross = Math.max(mostAcross, across[i]);
            mostDown = Math.max(mostDown, down[i]);
        }
        long blocks = 0;
        for (int i = 0; i < components; i++) {
            blocks += blocks(width, across[i], mostAcross) * blocks(height, down[i], mostDown);
        }
        return blocks;
    }

    /** Those along one side, whole groups of them. */
    private static long blocks(int pixels, int sampling, int mostSampling) {
        int blocks = Math.ceilDiv(pixels * sampling, mostSampling * BLOCK);
        return (long) Math.ceilDiv(blocks, sampling) * sampling;
    }
}
