package dev.tutti.file;

import static dev.tutti.file.SomeFiles.bytes;
import static dev.tutti.file.SomeFiles.objects;
import static dev.tutti.file.SomeFiles.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.BlobStore;
import dev.tutti.file.store.LocalBlobStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** For how long an account is charged for what it has given up: until that has gone from the store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileChargesTest {
    private static final FileSettings SETTINGS = new FileSettings(10_000, 15_000, 4, Duration.ofHours(1));

    private FileDatabase database;
    private Path directory;
    private StubbornStore store;
    private FileStorage files;

    @BeforeAll
    void start(@TempDir Path directory) {
        database = FileDatabase.in(directory.resolve("postgres"));
        this.directory = directory.resolve("files");
        store = new StubbornStore(new LocalBlobStore(this.directory));
        files = new FileStorage(
                database.pool(),
                store,
                SETTINGS,
                FileOwners.ANYBODY,
                Clock.systemUTC(),
                List.of("a secret"),
                new SimpleMeterRegistry());
    }

    @BeforeEach
    void work() {
        store.refusing = false;
    }

    @AfterAll
    void stop() {
        database.close();
    }

    private StoredFile stored(String owner, byte[] bytes) throws IOException {
        return files.store(owner, "a file", bytes.length, new ByteArrayInputStream(bytes));
    }

    private static void refused(ErrorCode code, Callable<?> work) {
        assertThatExceptionOfType(TuttiException.class).isThrownBy(work::call).returns(code, TuttiException::code);
    }

    @Test
    void uploadingAndDeletingInTurnLeavesNothingInTheStore() throws IOException {
        String ann = somebody();
        for (int i = 0; i < 5; i++) {
            StoredFile file = stored(ann, bytes(10_000));
            assertThat(files.delete(file.id(), ann)).isTrue();
            assertThat(objects(directory, file.id())).isEmpty();
        }
    }

    @Test
    void anUploadThatIsGivenUpLeavesNothingInTheStore() {
        byte[] before = bytes(100);
        List<Path> objects = all();

        refused(ErrorCode.BAD_REQUEST, () -> files.store(somebody(), "a", 5000, new ByteArrayInputStream(before)));

        assertThat(all()).isEqualTo(objects);
    }

    private List<Path> all() {
        return objects(directory, "").stream()
                .filter(Files::isRegularFile)
                .sorted()
                .toList();
    }

    @Test
    void whatCouldNotBeDeletedIsChargedUntilItHasGone() throws IOException {
        String ann = somebody();
        StoredFile file = stored(ann, bytes(9000));
        store.refusing = true;

        assertThat(files.delete(file.id(), ann)).isTrue();
        assertThat(files.find(file.id())).isEmpty();
        refused(ErrorCode.LIMIT_REACHED, () -> stored(ann, bytes(9000)));
        StoredFile small = stored(ann, bytes(100));
        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> files.sweep(Duration.ofHours(1)))
                .returns(ErrorCode.UNAVAILABLE, TuttiException::code);
        refused(ErrorCode.LIMIT_REACHED, () -> stored(ann, bytes(9000)));

        store.refusing = false;
        files.sweep(Duration.ofHours(1));
        assertThat(objects(directory, file.id())).isEmpty();
        assertThat(stored(ann, bytes(9000)).owner()).isEqualTo(ann);
        assertThat(files.find(small.id())).isPresent();
    }

    @Test
    void objectsOfAByteAreChargedAsBlocksOfADisk() throws IOException {
        String ann = somebody();
        store.refusing = true;
        for (int i = 0; i < 3; i++) {
            StoredFile file = stored(ann, bytes(1 + i));
            assertThat(files.delete(file.id(), ann)).isTrue();
        }

        refused(ErrorCode.LIMIT_REACHED, () -> stored(ann, bytes(3000)));
        store.refusing = false;
        files.sweep(Duration.ofHours(1));
        stored(ann, bytes(3000));
    }

    @Test
    void bytesThatSomebodyElseHasToAreChargedToThoseWhoHaveThem() throws IOException {
        byte[] bytes = bytes(9000);
        String ann = somebody();
        String ben = somebody();
        StoredFile anns = stored(ann, bytes);
        StoredFile bens = stored(ben, bytes);
        store.refusing = true;

        assertThat(files.delete(anns.id(), ann)).isTrue();
        StoredFile next = stored(ann, bytes(10_000));
        assertThat(files.delete(bens.id(), ben)).isTrue();

        assertThat(next.owner()).isEqualTo(ann);
        refused(ErrorCode.LIMIT_REACHED, () -> stored(ben, bytes(9000)));
    }

    /** A sweep of the release before knows nothing of charges. */
    @Test
    void anInstanceOfBeforeThatSweepsEndsTheCharge() throws IOException, SQLException {
        String ann = somebody();
        StoredFile file = stored(ann, bytes(9000));
        store.refusing = true;
        assertThat(files.delete(file.id(), ann)).isTrue();
        refused(ErrorCode.LIMIT_REACHED, () -> stored(ann, bytes(9000)));

        database.execute("update tutti.blob_object set start = -1, since = now() where name like '" + file.id() + "%'");
        database.execute("delete from tutti.blob_object where start = -1 and name like '" + file.id() + "%'");

        assertThat(stored(ann, bytes(9000)).owner()).isEqualTo(ann);
    }

    /** A store that may refuse to delete. */
    private static final class StubbornStore extends ForwardingBlobStore {
        private volatile boolean refusing;

        StubbornStore(BlobStore store) {
            super(store);
        }

        @Override
        public void delete(String name) {
            if (refusing) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "the store refuses");
            }
            super.delete(name);
        }
    }
}
