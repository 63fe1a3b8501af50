package dev.tutti.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.FairPermits;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cost of JPEGs in several scans, each of which has a part of the whole picture. */
class PictureCostsTest {
    private static final int FRAME = 0xc0;
    private static final int PROGRESSIVE_FRAME = 0xc2;
    private static final int SCAN = 0xda;

    private static BufferedImage square(byte[] jpeg) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(new Pictures()
                .square(jpeg, 256, new FairPermits.Caller("ann", true))
                .bytes()));
    }

    private static void refused(ErrorCode code, byte[] jpeg) {
        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> new Pictures().square(jpeg, 256, new FairPermits.Caller("ann", true)))
                .returns(code, TuttiException::code);
    }

    private static byte[] jpeg(int side, int kind, int mode) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(mode);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream to = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(to);
            writer.write(null, new IIOImage(new BufferedImage(side, side, kind), null, null), param);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    private static byte[] progressive() throws IOException {
        return jpeg(64, BufferedImage.TYPE_INT_RGB, ImageWriteParam.MODE_DEFAULT);
    }

    private static byte[] baseline() throws IOException {
        return jpeg(64, BufferedImage.TYPE_INT_RGB, ImageWriteParam.MODE_DISABLED);
    }

    /** Where the first such marker is. */
    private static int first(byte[] jpeg, int marker) {
        for (int i = 0; i < jpeg.length - 1; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) marker) {
                return i;
            }
        }
        throw new AssertionError("a JPEG without such a marker");
    }

    private static int lastScan(byte[] jpeg) {
        for (int i = jpeg.length - 2; i > 0; i--) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) SCAN) {
                return i;
            }
        }
        throw new AssertionError("a JPEG without a scan");
    }

    /** The same, of which its frame says that it is as large. */
    private static byte[] sized(byte[] jpeg, int frame, int width, int height) {
        byte[] sized = jpeg.clone();
        int at = first(jpeg, frame);
        ByteBuffer.wrap(sized).putShort(at + 5, (short) height).putShort(at + 7, (short) width);
        return sized;
    }

    /** The same with {@code more} before the byte with number {@code at}. */
    private static byte[] with(byte[] jpeg, int at, byte[] more) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(jpeg, 0, at);
        all.writeBytes(more);
        all.write(jpeg, at, jpeg.length - at);
        return all.toByteArray();
    }

    @Test
    void passesOfAProgressivePictureBeyondTheFirstCostNothing() throws IOException {
        byte[] once = jpeg(3000, BufferedImage.TYPE_BYTE_GRAY, ImageWriteParam.MODE_DEFAULT);
        int last = lastScan(once);
        ByteArrayOutputStream often = new ByteArrayOutputStream();
        often.write(once, 0, last);
        for (int i = 0; i < 50_000; i++) { // each would draw all pixels again
            often.write(once, last, once.length - 2 - last);
        }
        often.write(once, once.length - 2, 2);

        assertThat(square(often.toByteArray()).getWidth()).isEqualTo(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ff", "00112233", "ff00", "fffe0002", "fffe0006ffc2ffda"})
    void aProgressivePictureThatTakesMuchMemoryIsRefusedByItsHead(String before) throws IOException {
        byte[] large = sized(progressive(), PROGRESSIVE_FRAME, 5000, 4000);

        refused(
                ErrorCode.TOO_LARGE,
                with(large, first(large, PROGRESSIVE_FRAME), HexFormat.of().parseHex(before)));
    }

    @Test
    void aPictureWithAScanForEachColourIsRefusedByItsHeadWhenItIsLarge() throws IOException {
        byte[] large = sized(baseline(), FRAME, 5000, 4000);
        int scan = first(large, SCAN);
        byte[] head = Arrays.copyOf(large, scan);

        refused(ErrorCode.TOO_LARGE, with(head, scan, HexFormat.of().parseHex("ffda0008010100003f0000ffd9")));
    }

    @Test
    void aProgressivePictureIsDrawnLikeAnother() throws IOException {
        assertThat(square(progressive()).getWidth()).isEqualTo(64);
        assertThat(square(baseline()).getWidth()).isEqualTo(64);
    }

    @Test
    void aPictureWithoutAnEndToItsHeadIsRefused() throws IOException {
        byte[] baseline = baseline();
        byte[] comments = HexFormat.of().parseHex("fffe0002".repeat(1000));

        refused(ErrorCode.UNSUPPORTED, with(baseline, first(baseline, FRAME), comments));
        refused(ErrorCode.UNSUPPORTED, with(baseline, first(baseline, FRAME), new byte[100_000]));
    }

    @Test
    void aProgressivePhotographOfAPhoneIsSmallEnough() throws IOException {
        // 4,032 x 3,024 pixels, with half as many of the two colours in both directions
        JpegFrame frame = frame("ffd8ffc2001108" + "0bd00fc0" + "03012200021101031101" + "ffda000c03");

        assertThat(frame).isEqualTo(new JpegFrame(true, 36_578_304));
        assertThat(frame.coefficientBytes()).isLessThan(Pictures.MOST_COEFFICIENT_BYTES);
    }

    @Test
    void aPictureInOneScanTakesNoMoreThanItsRows() throws IOException {
        assertThat(frame("ffd8ffc0001108" + "0bd00fc0" + "03012200021101031101" + "ffda000c03")
                        .inScans())
                .isFalse();
        assertThat(frame("ffd8ffc000110803e803e803011100021100031100ffda000801").inScans())
                .isTrue();
    }

    private static JpegFrame frame(String head) throws IOException {
        return JpegFrame.of(new MemoryCacheImageInputStream(
                new ByteArrayInputStream(HexFormat.of().parseHex(head))));
    }
}
