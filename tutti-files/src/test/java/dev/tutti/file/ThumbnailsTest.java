package dev.tutti.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.http.StreamedContent;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailsTest {
    private final Thumbnails thumbnails = new Thumbnails(new Pictures());

    private StreamedContent of(byte[] bytes, int size) throws IOException {
        String type = FileType.of(Arrays.copyOf(bytes, Math.min(bytes.length, FileType.HEAD_BYTES)))
                .mediaType();
        StoredFile file = new StoredFile("id", "ann", "a picture", "id", bytes.length, type, "", Instant.EPOCH);
        return thumbnails.of(file, size, () -> new ByteArrayInputStream(bytes));
    }

    private static byte[] picture(String format, int width, int height, int kind) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(new BufferedImage(width, height, kind), format, out))
                .isTrue();
        return out.toByteArray();
    }

    /** A PNG that says that it has so many pixels, in less than a hundred bytes. */
    private static byte[] bomb(int width, int height) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(head);
        data.write("IHDR".getBytes(StandardCharsets.US_ASCII));
        data.writeInt(width);
        data.writeInt(height);
        data.write(new byte[] {8, 6, 0, 0, 0});
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream png = new DataOutputStream(file);
        png.write(HexFormat.of().parseHex("89504e470d0a1a0a0000000d"));
        png.write(head.toByteArray());
        CRC32 crc = new CRC32();
        crc.update(head.toByteArray());
        png.writeInt((int) crc.getValue());
        png.write(new byte[40]);
        return file.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"png,5,JPEG", "jpg,5,JPEG", "gif,5,JPEG", "png,2,PNG"})
    void aSmallPictureFitsIntoItsSquare(String format, int kind, FileType made) throws IOException {
        StreamedContent small = of(picture(format, 3000, 1000, kind), 256);
        BufferedImage image = ImageIO.read(small.source().open());

        assertThat(small.type()).isEqualTo(made.mediaType());
        assertThat(image.getWidth()).isEqualTo(256);
        assertThat(image.getHeight()).isBetween(84, 86);
    }

    @ParameterizedTest
    @CsvSource({"png,3000,1000", "jpg,1000,3000", "gif,300,10", "png,1,20000", "png,256,256"})
    void aSquareIsTheMiddleOfAPicture(String format, int width, int height) throws IOException {
        BufferedImage sent = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int side = Math.min(width, height);
        Graphics2D graphics = sent.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect((width - side) / 2, (height - side) / 2, side, side);
        graphics.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(sent, format, out);

        BufferedImage square = ImageIO.read(new ByteArrayInputStream(
                new Pictures().square(out.toByteArray(), 256).bytes()));

        assertThat(square.getWidth()).isEqualTo(square.getHeight()).isEqualTo(Math.min(side, 256));
        assertThat(new Color(square.getRGB(0, 0)).getRed()).isGreaterThan(240);
        assertThat(new Color(square.getRGB(square.getWidth() - 1, square.getHeight() - 1)).getRed())
                .isGreaterThan(240);
    }

    @Test
    void aPictureThatIsSmallAlreadyKeepsItsSize() throws IOException {
        BufferedImage image = ImageIO.read(of(picture("png", 20, 10, BufferedImage.TYPE_INT_RGB), 256)
                .source()
                .open());

        assertThat(image.getWidth()).isEqualTo(20);
    }

    @Test
    void aPictureWithTooManyPixelsIsRefusedByItsHead() {
        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> of(bomb(60_000, 60_000), 256))
                .withMessageContaining("60000 x 60000")
                .returns(ErrorCode.TOO_LARGE, TuttiException::code);
    }

    @ParameterizedTest
    @CsvSource({"GIF89a/*<html>*/", "plain text", "%PDF-1.7"})
    void whatIsNoPictureIsRefused(String text) {
        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> of(text.getBytes(StandardCharsets.US_ASCII), 256))
                .returns(ErrorCode.UNSUPPORTED, TuttiException::code);
    }

    @Test
    void aPictureThatIsCutIsRefused() throws IOException {
        byte[] whole = picture("png", 300, 300, BufferedImage.TYPE_INT_RGB);

        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> of(Arrays.copyOf(whole, 60), 256))
                .returns(ErrorCode.UNSUPPORTED, TuttiException::code);
    }
}
