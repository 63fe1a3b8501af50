package dev.tutti.file;

import static dev.tutti.file.SomeFiles.bytes;
import static dev.tutti.file.SomeFiles.objects;
import static dev.tutti.file.SomeFiles.somebody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.postgres.sql.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The memory that uploads take: what a client sends, and not what it announces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadMemoryTest {
    private static final FileSettings LARGE = new FileSettings(100_000_000, 100_000_000, 4, Duration.ofHours(1));

    private FileDatabase database;
    private Path directory;
    private LocalBlobStore store;

    @BeforeAll
    void start(@TempDir Path directory) {
        database = FileDatabase.in(directory.resolve("postgres"));
        this.directory = directory.resolve("files");
        store = new LocalBlobStore(this.directory);
    }

    @AfterAll
    void stop() {
        database.close();
    }

    private byte[] read(Uploads uploads, StoredFile file) throws IOException {
        try (InputStream in = uploads.read(file.blob(), 0, file.bytes())) {
            return in.readAllBytes();
        }
    }

    private Uploads large(long bufferBytes, LongSupplier ticker) {
        return new Uploads(
                new Database(database.pool()),
                store,
                LARGE,
                FileOwners.ANYBODY,
                new FileMetrics(new SimpleMeterRegistry()),
                bufferBytes,
                ticker);
    }

    private static Upload begun(Uploads uploads, int bytes) {
        String owner = somebody();
        return uploads.take(uploads.begin(owner, "a file", bytes).id(), owner, 0);
    }

    @Test
    void thoseWhoSendSlowlyLeaveRoomForOthers() throws Exception {
        int most = Uploads.PART_BYTES;
        Uploads small = large(2L * most, System::nanoTime);
        CountDownLatch sending = new CountDownLatch(20);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Upload>> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Upload upload = begun(small, most);
                slow.add(threads.submit(() -> small.append(upload, new OneByte(sending, end))));
            }
            try {
                assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();

                Upload whole = small.append(begun(small, most), new ByteArrayInputStream(bytes(most)));

                assertThat(whole.left()).isZero();
            } finally {
                end.countDown();
            }
            for (Future<Upload> each : slow) {
                assertThat(each.get().received()).isEqualTo(1);
            }
        }
    }

    /** A body of one byte, after which nothing comes until {@code end}. */
    private static final class OneByte extends InputStream {
        private final CountDownLatch sending;
        private final CountDownLatch end;
        private boolean begun;

        OneByte(CountDownLatch sending, CountDownLatch end) {
            this.sending = sending;
            this.end = end;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (!begun) {
                begun = true;
                into[from] = 'x';
                return 1;
            }
            sending.countDown();
            try {
                end.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
            return -1;
        }

        @Override
        public int read() {
            throw new AssertionError("read one by one");
        }
    }

    /** A client that sends a kilobyte a second. */
    @Test
    void aPartThatIsOldIsPutIntoTheStore() throws IOException {
        AtomicLong nanos = new AtomicLong();
        Uploads small = large(8L * Uploads.PART_BYTES, nanos::get);
        byte[] bytes = bytes(300_000);
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                return super.read(into, from, Math.min(length, 1000));
            }
        };

        StoredFile slowly = small.finish(small.append(begun(small, bytes.length), slow));
        assertThat(objects(directory, slowly.id())).hasSize(5);
        assertThat(read(small, slowly)).isEqualTo(bytes);

        byte[] others = bytes(300_000);
        StoredFile quickly = small.finish(small.append(begun(small, others.length), new ByteArrayInputStream(others)));
        assertThat(objects(directory, quickly.id())).hasSize(1);
        assertThat(read(small, quickly)).isEqualTo(others);
    }

    @Test
    void aPartThatFindsNoMoreMemoryIsPutIntoTheStore() throws IOException {
        Uploads small = large(4L * UploadPart.LEAST_BYTES, System::nanoTime);
        byte[] bytes = bytes(300_000);

        StoredFile file = small.finish(small.append(begun(small, bytes.length), new ByteArrayInputStream(bytes)));

        assertThat(objects(directory, file.id())).hasSizeGreaterThan(1);
        assertThat(read(small, file)).isEqualTo(bytes);
    }
}
