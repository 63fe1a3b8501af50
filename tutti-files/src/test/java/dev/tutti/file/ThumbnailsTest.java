package dev.tutti.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.core.limit.FairPermits.Caller;
import dev.tutti.http.StreamedContent;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThumbnailsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Caller ANN = new Caller("ann", true);

    private final AtomicLong nanos = new AtomicLong();
    private final Thumbnails thumbnails = new Thumbnails(new Pictures(), nanos::get);

    private StreamedContent of(byte[] bytes, int size) throws IOException {
        return of(thumbnails, "", ANN, bytes, size, () -> new ByteArrayInputStream(bytes));
    }

    private static StreamedContent of(
            Thumbnails thumbnails, String sha256, Caller caller, byte[] bytes, int size, StreamedContent.Source source)
            throws IOException {
        String type = FileType.of(Arrays.copyOf(bytes, Math.min(bytes.length, FileType.HEAD_BYTES)))
                .mediaType();
        StoredFile file = new StoredFile("id", "ann", "a picture", "id", bytes.length, type, sha256, Instant.EPOCH);
        return thumbnails.of(file, size, caller, source);
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
    @CsvSource({"png,3000,1000", "jpg,1000,3000", "gif,300,10", "png,1,16000", "png,256,256"})
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
                new Pictures().square(out.toByteArray(), 256, ANN).bytes()));

        assertThat(square.getWidth()).isEqualTo(square.getHeight()).isEqualTo(Math.min(side, 256));
        assertThat(new Color(square.getRGB(0, 0)).getRed()).isGreaterThan(240);
        assertThat(new Color(square.getRGB(square.getWidth() - 1, square.getHeight() - 1)).getRed())
                .isGreaterThan(240);
    }

    /** A quarter in each colour, with the corners named from above left to below right, and Exif between much else. */
    private static byte[] photograph(int orientation, ByteOrder order) throws IOException {
        BufferedImage image = new BufferedImage(400, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        List<Color> colours = List.of(Color.RED, Color.GREEN, Color.BLUE, Color.WHITE);
        for (int i = 0; i < 4; i++) {
            graphics.setColor(colours.get(i));
            graphics.fillRect(200 * (i % 2), 100 * (i / 2), 200, 100);
        }
        graphics.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", jpeg);
        ByteBuffer exif = ByteBuffer.allocate(14 + 2 * 12).order(order);
        exif.putShort((short) (order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4d4d))
                .putShort((short) 42)
                .putInt(8);
        exif.putShort((short) 2);
        exif.putShort((short) 271).putShort((short) 2).putInt(4).putInt(0x414100); // who made the camera
        exif.putShort((short) 274).putShort((short) 3).putInt(1).putShort((short) orientation);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(jpeg.toByteArray(), 0, 2);
        all.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe1, 0, 6, 'X', 'M', 'P', 0});
        all.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe1, 0, (byte) (8 + exif.capacity())});
        all.writeBytes("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(exif.array());
        all.write(jpeg.toByteArray(), 2, jpeg.size() - 2);
        return all.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"1,RGBW", "2,GRWB", "3,WBGR", "4,BWRG", "5,RBGW", "6,BRWG", "7,WGBR", "8,GWRB", "0,RGBW", "9,RGBW"})
    void aPhotographIsTurnedAsTheCameraWasHeld(int orientation, String corners) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            byte[] photograph = photograph(orientation, order);
            BufferedImage small = ImageIO.read(of(photograph, 256).source().open());
            BufferedImage square = ImageIO.read(new ByteArrayInputStream(
                    new Pictures().square(photograph, 256, ANN).bytes()));

            assertThat(small.getWidth() > small.getHeight()).isEqualTo(orientation < 5 || orientation > 8);
            assertThat(corners(small)).isEqualTo(corners);
            assertThat(corners(square)).isEqualTo(corners);
        }
    }

    private static String corners(BufferedImage image) {
        StringBuilder corners = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            Color colour = new Color(
                    image.getRGB(10 + (i % 2) * (image.getWidth() - 20), 10 + (i / 2) * (image.getHeight() - 20)));
            boolean red = colour.getRed() > 128;
            corners.append(red && colour.getBlue() > 128 ? 'W' : red ? 'R' : colour.getGreen() > 128 ? 'G' : 'B');
        }
        return corners.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 24, 42, 44, 50})
    void exifThatIsBrokenTurnsNothing(int at) throws IOException {
        byte[] photograph = photograph(6, ByteOrder.BIG_ENDIAN);
        photograph[at] = (byte) 0xff; // its name, where the directory is, and of the entry its tag, type and value
        photograph[at + 1] = (byte) 0xff;

        BufferedImage small = ImageIO.read(of(photograph, 256).source().open());

        assertThat(corners(small)).isEqualTo("RGBW");
    }

    @Test
    void transparencyThatIsNotUsedIsNotKept() throws IOException {
        BufferedImage opaque = new BufferedImage(20, 20, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.setColor(Color.GREEN);
        graphics.fillRect(0, 0, 20, 20);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(opaque, "png", png);
        byte[] clear = picture("png", 20, 20, BufferedImage.TYPE_INT_ARGB);

        assertThat(new Pictures().square(png.toByteArray(), 256, ANN).type()).isEqualTo("image/jpeg");
        assertThat(new Pictures().square(clear, 256, ANN).type()).isEqualTo("image/png");
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

    @Test
    void aPictureWithALongRowIsRefusedByItsHead() {
        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> of(bomb(25_000_000, 1), 256))
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

    @Test
    void somebodyWithManyPicturesIsServedInTurnWithAnother() throws Exception {
        FairPermits turns = new FairPermits(1, 200, PATIENCE, "busy");
        Thumbnails small = new Thumbnails(new Pictures(turns), nanos::get);
        byte[] picture = picture("png", 20, 10, BufferedImage.TYPE_INT_RGB);
        Queue<String> served = new ConcurrentLinkedQueue<>();
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        Consumer<Caller> asks = caller -> {
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    StreamedContent _ = of(small, "" + number.incrementAndGet(), caller, picture, 256, () -> {
                        served.add(caller.holder());
                        awaitUnchecked(first);
                        return new ByteArrayInputStream(picture);
                    });
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            await().pollInterval(Duration.ofMillis(1)).until(() -> switch (thread.getState()) { // drawing, or in line
                case WAITING, TIMED_WAITING -> true;
                default -> false;
            });
        };
        for (int i = 0; i < 20; i++) {
            asks.accept(new Caller("10.0.0.1", false));
        }
        asks.accept(new Caller("10.0.0.2", false));
        asks.accept(ANN);

        first.countDown();

        await().atMost(PATIENCE).until(() -> served.size() == 22);
        assertThat(List.copyOf(served).subList(0, 4)).contains("10.0.0.2", "ann");
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void aPictureThatCannotBeReadIsLookedAtOnceAnHour() throws IOException {
        byte[] cut = Arrays.copyOf(picture("png", 300, 300, BufferedImage.TYPE_INT_RGB), 60);
        AtomicInteger looks = new AtomicInteger();
        ThrowingCallable look = () -> of(thumbnails, "cut", ANN, cut, 256, () -> {
            looks.incrementAndGet();
            return new ByteArrayInputStream(cut);
        });

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(TuttiException.class)
                    .isThrownBy(look)
                    .returns(ErrorCode.UNSUPPORTED, TuttiException::code);
            nanos.addAndGet(Duration.ofMinutes(25).toNanos());
        }
        assertThat(looks).hasValue(1);
        assertThatExceptionOfType(TuttiException.class).isThrownBy(look);
        assertThat(looks).hasValue(2);
    }

    @Test
    void aPictureThatComesSlowlyGivesItsTurnUp() throws IOException {
        byte[] picture = picture("png", 300, 300, BufferedImage.TYPE_INT_RGB);
        AtomicInteger reads = new AtomicInteger();
        StreamedContent.Source slow = () -> new FilterInputStream(new ByteArrayInputStream(picture)) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                nanos.addAndGet(Duration.ofSeconds(reads.incrementAndGet()).toNanos());
                return super.read(into, from, 1);
            }
        };

        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> of(thumbnails, "slow", ANN, picture, 256, slow))
                .returns(ErrorCode.TIMEOUT, TuttiException::code);
        assertThat(reads).hasValue(3); // of one, two and three seconds
    }

    @Test
    void aPictureWhoseFileIsDeletedWhileItIsReadIsNotFound() throws IOException {
        byte[] picture = picture("png", 300, 300, BufferedImage.TYPE_INT_RGB);
        StreamedContent.Source deleted =
                () -> new SequenceInputStream(new ByteArrayInputStream(picture, 0, 60), new InputStream() {
                    @Override
                    public int read(byte[] into, int from, int length) {
                        throw FileStorage.notFound();
                    }

                    @Override
                    public int read() {
                        throw FileStorage.notFound();
                    }
                });

        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> of(thumbnails, "deleted", ANN, picture, 256, deleted))
                .returns(ErrorCode.NOT_FOUND, TuttiException::code);
    }

    @Test
    void aPictureThatTheStoreCouldNotReadIsReadAgain() throws IOException {
        byte[] picture = picture("png", 300, 300, BufferedImage.TYPE_INT_RGB);
        StreamedContent.Source broken =
                () -> new SequenceInputStream(new ByteArrayInputStream(picture, 0, 60), new InputStream() {
                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        throw new IOException("the store has gone");
                    }

                    @Override
                    public int read() throws IOException {
                        throw new IOException("the store has gone");
                    }
                });

        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> of(thumbnails, "whole", ANN, picture, 256, broken))
                .returns(ErrorCode.UNAVAILABLE, TuttiException::code);

        StreamedContent small = of(thumbnails, "whole", ANN, picture, 256, () -> new ByteArrayInputStream(picture));
        assertThat(small.type()).isEqualTo("image/jpeg");
    }
}
