package dev.tutti.file;

import static dev.tutti.file.SomeFiles.bytes;
import static dev.tutti.file.SomeFiles.objects;
import static dev.tutti.file.SomeFiles.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.postgres.sql.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Of how many objects an upload may come to consist, whatever its parts are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadPartsTest {
    private static final FileSettings SETTINGS = new FileSettings(10_000_000, 100_000_000, 100, Duration.ofHours(1));

    private FileDatabase database;
    private Path directory;
    private Uploads uploads;

    @BeforeAll
    void start(@TempDir Path directory) {
        database = FileDatabase.in(directory.resolve("postgres"));
        this.directory = directory.resolve("files");
        uploads = new Uploads(
                new Database(database.pool()),
                new LocalBlobStore(this.directory),
                SETTINGS,
                FileOwners.ANYBODY,
                new FileMetrics(new SimpleMeterRegistry()));
    }

    @AfterAll
    void stop() {
        database.close();
    }

    private Upload append(Upload upload, byte[] bytes, int from, int length) throws IOException {
        return uploads.append(
                uploads.take(upload.id(), upload.owner(), from), new ByteArrayInputStream(bytes, from, length));
    }

    private byte[] read(StoredFile file) throws IOException {
        try (InputStream in = uploads.read(file.blob(), 0, file.bytes())) {
            return in.readAllBytes();
        }
    }

    @Test
    void anUploadInPartsOfAByteIsRefusedUntilTheRestComesAtOnce() throws IOException {
        byte[] bytes = bytes(10_000);
        Upload upload = uploads.begin(somebody(), "a file", bytes.length);
        int most = Uploads.SMALL_PARTS;
        for (int i = 0; i < most; i++) {
            assertThat(append(upload, bytes, i, 1).received()).isEqualTo(i + 1);
        }

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(TuttiException.class)
                    .isThrownBy(() -> append(upload, bytes, most, 1))
                    .withMessageContaining("65536")
                    .returns(ErrorCode.LIMIT_REACHED, TuttiException::code);
        }
        assertThat(objects(directory, upload.id())).hasSize(most);

        StoredFile file = uploads.finish(append(upload, bytes, most, bytes.length - most));
        assertThat(read(file)).isEqualTo(bytes);
    }

    /** A phone in a train. */
    @Test
    void aClientThatIsCutOffEveryTwentyKilobytesGetsItsPhotographThrough() throws IOException {
        byte[] bytes = bytes(3_000_000);
        Upload upload = uploads.begin(somebody(), "a photograph", bytes.length);
        Upload there = upload;
        while (there.left() > 0) {
            there = cutOff(there, bytes);
        }

        assertThat(read(uploads.finish(there))).isEqualTo(bytes);
    }

    /** Sends what is missing, and is cut off after twenty kilobytes. */
    private Upload cutOff(Upload before, byte[] bytes) throws IOException {
        int offset = (int) before.received();
        int most = Math.min(20_000, bytes.length - offset);
        boolean last = offset + most == bytes.length;
        InputStream body = new FilterInputStream(new ByteArrayInputStream(bytes, offset, most)) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                int few = super.read(into, from, length);
                if (few < 0 && !last) {
                    throw new TuttiException(ErrorCode.BAD_REQUEST, "the connection ended before the body did");
                }
                return few;
            }
        };
        try {
            return uploads.append(uploads.take(before.id(), before.owner(), offset), body);
        } catch (TuttiException broken) {
            assertThat(broken.code()).isEqualTo(ErrorCode.BAD_REQUEST);
            return uploads.find(before.id(), before.owner()).orElseThrow();
        }
    }
}
