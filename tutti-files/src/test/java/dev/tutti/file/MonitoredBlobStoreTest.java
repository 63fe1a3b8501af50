package dev.tutti.file;

import static dev.tutti.file.SomeFiles.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.BlobStore;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.file.store.MonitoredBlobStore;
import dev.tutti.health.Status;
import dev.tutti.testkit.fixture.OutageLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a store that refuses, and until when. */
class MonitoredBlobStoreTest {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String REASON = "No space left on device";

    @TempDir
    private Path directory;

    private final OutageLines log = new OutageLines();
    private SmallDisk disk;
    private MonitoredBlobStore store;

    @BeforeEach
    void open() {
        disk = new SmallDisk(new LocalBlobStore(directory));
        store = new MonitoredBlobStore(disk, PAUSE);
    }

    @AfterEach
    void close() {
        store.close();
        log.close();
    }

    private List<String> lines() {
        return log.containing("The store of files");
    }

    private void assertThatItIsNotWell() {
        assertThatThrownBy(store::check).isInstanceOf(TuttiException.class).hasRootCauseMessage(REASON);
    }

    private void awaitWell() {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> store.check() == Status.HEALTHY);
    }

    /** Two more probes have ended, at least. */
    private void awaitProbes() {
        int before = disk.writes.get();
        await().atMost(PATIENCE).until(() -> disk.writes.get() >= before + 3);
    }

    @Test
    void aStoreThatRefusesAtTheStartIsToldWithItsReasonAndOnceInTheLog() {
        disk.room = 0;

        store.start();
        assertThatItIsNotWell();
        awaitProbes();
        assertThatItIsNotWell();
        assertThat(lines()).hasSize(1);
        assertThat(lines().getFirst()).startsWith("WARNING ").endsWith(": " + REASON);

        disk.room = 1;
        awaitWell();
        assertThat(lines()).hasSize(2);
        assertThat(lines().getLast()).startsWith("INFO ");
        assertThat(objects(directory, "probe-")).isEmpty();
    }

    @Test
    void aStoreThatFillsUpIsWellWhenThereIsRoomForWhatItRefused() {
        store.start();
        awaitWell();
        disk.room = 10;

        assertThatExceptionOfType(TuttiException.class)
                .isThrownBy(() -> store.put("object-0-0", new byte[100], 100))
                .returns(ErrorCode.UNAVAILABLE, TuttiException::code);
        assertThatItIsNotWell();
        awaitProbes();
        assertThatItIsNotWell();
        assertThat(lines()).hasSize(1);

        disk.room = 100;
        awaitWell();
    }

    @Test
    void anObjectThatIsGoneIsLookedIntoAndNoOutage() {
        store.start();
        awaitWell();
        int before = disk.writes.get();

        assertThatExceptionOfType(TuttiException.class).isThrownBy(() -> store.open("missing-0-0", 0, 1));

        await().atMost(PATIENCE).until(() -> disk.writes.get() == before + 1);
        assertThat(store.check()).isEqualTo(Status.HEALTHY);
        assertThat(lines()).isEmpty();
    }

    /** A store in which an object finds room that is not too long. */
    private static final class SmallDisk extends ForwardingBlobStore {
        private final AtomicInteger writes = new AtomicInteger();
        private volatile int room = Integer.MAX_VALUE;

        SmallDisk(BlobStore store) {
            super(store);
        }

        @Override
        public void put(String name, byte[] bytes, int length) {
            writes.incrementAndGet();
            if (length > room) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "it cannot be written", new IOException(REASON));
            }
            super.put(name, bytes, length);
        }
    }
}
