package dev.tutti.file;

import static dev.tutti.file.SomeFiles.bytes;
import static dev.tutti.file.SomeFiles.objects;
import static dev.tutti.file.SomeFiles.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.file.store.S3BlobStore;
import dev.tutti.file.store.S3Settings;
import dev.tutti.postgres.sql.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Files as they are kept, counted and given up, with a real PostgreSQL and a directory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileStorageTest {
    private static final FileSettings SETTINGS = new FileSettings(10_000, 15_000, 4, Duration.ofHours(1));
    private static final String DELETED = "somebody who was deleted";

    private FileDatabase database;
    private Path directory;
    private LocalBlobStore store;
    private FileStorage files;
    private Uploads uploads;

    @BeforeAll
    void start(@TempDir Path directory) {
        database = FileDatabase.in(directory.resolve("postgres"));
        this.directory = directory.resolve("files");
        store = new LocalBlobStore(this.directory);
        FileOwners owners = (_, owner) -> !owner.equals(DELETED);
        files = new FileStorage(
                database.pool(),
                store,
                SETTINGS,
                owners,
                Clock.systemUTC(),
                List.of("a secret"),
                new SimpleMeterRegistry());
        uploads = new Uploads(
                new Database(database.pool()), store, SETTINGS, owners, new FileMetrics(new SimpleMeterRegistry()));
    }

    @AfterAll
    void stop() {
        database.close();
    }

    private StoredFile stored(String owner, byte[] bytes) throws IOException {
        return files.store(owner, "a file", bytes.length, new ByteArrayInputStream(bytes));
    }

    private byte[] read(StoredFile file) throws IOException {
        try (InputStream in = files.read(file, 0, file.bytes())) {
            return in.readAllBytes();
        }
    }

    private static void refused(ErrorCode code, Callable<?> work) {
        assertThatExceptionOfType(TuttiException.class).isThrownBy(work::call).returns(code, TuttiException::code);
    }

    @Test
    void anUploadOfBytesThatWereThereAlreadyIsFinishedAgainAsTheSameFile() throws IOException {
        byte[] bytes = bytes(100);
        stored(somebody(), bytes);
        String ann = somebody();
        Upload whole = uploads.append(
                uploads.take(uploads.begin(ann, "a file", 100).id(), ann, 0), new ByteArrayInputStream(bytes));

        StoredFile file = uploads.finish(whole);

        assertThat(uploads.finish(whole)).isEqualTo(file);
    }

    @Test
    void equalFilesAreOneBlobUntilTheLastIsDeleted() throws IOException {
        byte[] bytes = bytes(5000);
        String ann = somebody();
        String ben = somebody();
        StoredFile one = stored(ann, bytes);
        StoredFile other = stored(ben, bytes);

        assertThat(other.blob()).isEqualTo(one.blob());
        assertThat(objects(directory, other.id())).isEmpty();
        assertThat(files.delete(one.id(), ben)).isFalse();
        assertThat(files.delete(one.id(), ann)).isTrue();
        files.sweep(Duration.ZERO);
        assertThat(read(other)).isEqualTo(bytes);

        try (InputStream reading = files.read(other, 0, other.bytes())) {
            assertThat(files.delete(other.id(), ben)).isTrue();
            assertThat(objects(directory, one.blob())).as("at once").isEmpty();
            refused(ErrorCode.NOT_FOUND, reading::readAllBytes);
        }
        refused(ErrorCode.NOT_FOUND, () -> read(other));
    }

    @Test
    void aDownloadEndsWithItsFileBeforeTheNextObject() throws IOException {
        byte[] bytes = bytes(100);
        String ann = somebody();
        String upload = uploads.begin(ann, "a file", 100).id();
        Upload half = uploads.append(uploads.take(upload, ann, 0), new ByteArrayInputStream(bytes, 0, 60));
        Upload whole =
                uploads.append(uploads.take(upload, ann, half.received()), new ByteArrayInputStream(bytes, 60, 40));
        StoredFile file = uploads.finish(whole);

        try (InputStream download = files.read(file, 0, 100)) {
            assertThat(download.readNBytes(60)).isEqualTo(Arrays.copyOf(bytes, 60));
            assertThat(files.delete(file.id(), ann)).isTrue();

            refused(ErrorCode.NOT_FOUND, download::readAllBytes);
        }
    }

    @Test
    void aFileThatIsThereAndCannotBeReadIsTheStoresFailure() throws IOException {
        StoredFile file = stored(somebody(), bytes(100));
        for (Path object : objects(directory, file.blob())) {
            Files.delete(object);
        }

        refused(ErrorCode.UNAVAILABLE, () -> read(file));
    }

    @Test
    void anAccountHasItsShareAndGetsItBack() throws IOException {
        String ann = somebody();
        StoredFile first = stored(ann, bytes(9000));

        refused(ErrorCode.TOO_LARGE, () -> stored(ann, bytes(10_001)));
        refused(ErrorCode.LIMIT_REACHED, () -> stored(ann, bytes(6001)));
        Upload announced = uploads.begin(ann, "a file", 6000);
        refused(ErrorCode.LIMIT_REACHED, () -> stored(ann, bytes(1)));
        assertThat(uploads.delete(announced.id(), ann)).isTrue();
        stored(ann, bytes(6000));
        files.delete(first.id(), ann);
        for (int i = 0; i < 3; i++) {
            stored(ann, bytes(1));
        }
        refused(ErrorCode.LIMIT_REACHED, () -> stored(ann, new byte[0]));
        assertThat(files.list(ann, null, 100)).hasSize(4);
        assertThat(files.list(ann, files.list(ann, null, 100).get(1).id(), 100)).hasSize(2);
    }

    @Test
    void oneOfManyAtATimeGetsWhatIsLeft() throws Exception {
        String ann = somebody();
        List<Callable<StoredFile>> wishes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            wishes.add(() -> stored(ann, bytes(10_000)));
        }
        int stored = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<StoredFile> each : threads.invokeAll(wishes)) {
                stored += each.state() == Future.State.SUCCESS ? 1 : 0;
            }
        }
        assertThat(stored).isEqualTo(1);
    }

    @Test
    void aBodyThatIsTooShortOrBreaksLeavesNothing() throws IOException {
        String ann = somebody();
        InputStream breaks = new SequenceInputStream(new ByteArrayInputStream(bytes(100)), new InputStream() {
            @Override
            public int read(byte[] into, int from, int length) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "the connection ended before the body did");
            }

            @Override
            public int read() {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "the connection ended before the body did");
            }
        });

        refused(ErrorCode.BAD_REQUEST, () -> files.store(ann, "a", 5000, new ByteArrayInputStream(bytes(10))));
        refused(ErrorCode.BAD_REQUEST, () -> files.store(ann, "a", 5000, breaks));
        refused(
                ErrorCode.BAD_REQUEST,
                () -> files.store(ann, "../..", 0, InputStream.nullInputStream())
                        .name());
        assertThat(files.list(ann, null, 100)).isEmpty();
        stored(ann, bytes(10_000)); // which needs what those had announced
    }

    @Test
    void whatComesBeforeABreakIsKept() throws IOException {
        String ann = somebody();
        byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
        Upload upload = uploads.begin(ann, "hello.html", 10);
        Upload half = uploads.append(uploads.take(upload.id(), ann, 0), new ByteArrayInputStream(text));
        Upload whole = uploads.append(uploads.take(upload.id(), ann, half.received()), new ByteArrayInputStream(text));

        StoredFile file = uploads.finish(whole);
        assertThat(uploads.finish(whole)).as("idempotent").isEqualTo(file);
        assertThat(read(file)).asString(StandardCharsets.UTF_8).isEqualTo("hellohello");
        assertThat(file.type()).startsWith("text/plain");
        refused(ErrorCode.NOT_FOUND, () -> uploads.take(upload.id(), ann, 10));
    }

    @Test
    void aTurnThatIsOverAddsNothingToTheFile() throws IOException {
        String ann = somebody();
        Upload upload = uploads.begin(ann, "a file", 100);
        Upload paused = uploads.take(upload.id(), ann, 0);
        Upload pausedLonger = uploads.take(upload.id(), ann, 0);
        Upload next = uploads.take(upload.id(), ann, 0);
        byte[] right = bytes(100);

        refused(ErrorCode.CONFLICT, () -> uploads.append(paused, new ByteArrayInputStream(bytes(100))));
        StoredFile file = uploads.finish(uploads.append(next, new ByteArrayInputStream(right)));
        refused(ErrorCode.CONFLICT, () -> uploads.append(pausedLonger, new ByteArrayInputStream(bytes(100))));

        assertThat(read(file)).isEqualTo(right);
        assertThat(objects(directory, upload.id())).hasSize(1);
    }

    @Test
    void anUploadThatIsOverGoesWithItsShare() throws Exception {
        String ann = somebody();
        Upload upload = uploads.begin(ann, "a file", 10_000);
        Upload taken = uploads.take(upload.id(), ann, 0);
        uploads.append(taken, new ByteArrayInputStream(bytes(500)));
        assertThat(objects(directory, upload.id())).hasSize(1);

        database.execute("update tutti.file_upload set expires_at = now() where id = '" + upload.id() + "'");
        files.sweep(Duration.ZERO);

        assertThat(objects(directory, upload.id())).isEmpty();
        assertThat(uploads.find(upload.id(), ann)).isEmpty();
        stored(ann, bytes(10_000));
    }

    @Test
    void allOfSomebodyAreDescribedAndDeletedTogether() throws IOException {
        String ann = somebody();
        StoredFile bens = stored(somebody(), bytes(20));
        for (int i = 1; i < SETTINGS.accountFiles(); i++) {
            stored(ann, bytes(100 + i));
        }
        assertThat(files.described(ann)).hasSize(SETTINGS.accountFiles() - 1);
        Upload whole = uploads.append(
                uploads.take(uploads.begin(ann, "late", 10).id(), ann, 0), new ByteArrayInputStream(bytes(10)));

        files.deleteAll(ann);

        refused(ErrorCode.NOT_FOUND, () -> uploads.finish(whole));
        assertThat(files.described(ann)).isEmpty();
        assertThat(files.find(bens.id())).isPresent();
        assertThat(stored(ann, bytes(SETTINGS.accountFiles())).owner())
                .isEqualTo(ann); // nothing is left of what they used
    }

    @Test
    void equalFilesThatComeAndGoAtATimeAreNeverLost() throws Exception {
        byte[] bytes = bytes(300);
        List<Callable<@Nullable Void>> people = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String owner = somebody();
            people.add(() -> {
                for (int round = 0; round < 20; round++) {
                    StoredFile file = stored(owner, bytes);
                    assertThat(read(file)).isEqualTo(bytes);
                    files.delete(file.id(), owner);
                    files.sweep(Duration.ofMinutes(1));
                }
                StoredFile last = stored(owner, bytes);
                assertThat(read(last)).isEqualTo(bytes);
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<@Nullable Void> each : threads.invokeAll(people)) {
                each.get();
            }
        }
    }

    @Test
    void anotherStoreThanTheOthersUseIsRefused() throws SQLException {
        S3BlobStore bucket = new S3BlobStore(new S3Settings(
                "files", "us-east-1", Optional.of(URI.create("https://minio.example/")), Optional.empty(), true, "a/"));
        files.requireStore(store.id(), "STORAGE_LOCAL_PATH=here");
        files.requireStore(store.id(), "STORAGE_LOCAL_PATH=there");
        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> files.requireStore(bucket.id(), "S3_BUCKET=files"))
                .withMessageContaining("S3_BUCKET=files is s3:https://minio.example/files/a/")
                .withMessageContaining("are in the directory whose tutti-files-id is " + store.id())
                .returns(ErrorCode.UNSUPPORTED, TuttiException::code);

        database.execute("delete from tutti.file_directory"); // moved
        files.requireStore(bucket.id(), "S3_BUCKET=files");
        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> files.requireStore(store.id(), "STORAGE_LOCAL_PATH=here"))
                .withMessageContaining("STORAGE_LOCAL_PATH=here is the directory")
                .withMessageContaining("are in s3:https://minio.example/files/a/");
        bucket.close();
        database.execute("delete from tutti.file_directory");
    }

    @Test
    void somebodyWhoWasDeletedBeginsNothing() {
        refused(ErrorCode.NOT_FOUND, () -> stored(DELETED, bytes(10)));
        refused(ErrorCode.NOT_FOUND, () -> uploads.begin(DELETED, "a file", 10));
        assertThat(files.list(DELETED, null, 100)).isEmpty();
    }
}
