package dev.tutti.file.store;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.health.Status;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another store, and how well it is. A write or deletion that fails is told once in the log, and by {@link #check}, until a probe goes
 * through: an object of this instance's own, as long as the longest that was refused, is written, read and deleted. The store is probed at
 * the start, then while it is not well, and when an object could not be opened, since it may only have been deleted. Safe for use by many
 * threads; blocks as the other store does.
 */
public final class MonitoredBlobStore implements BlobStore {
    private static final Duration FIRST_PROBE = Duration.ofSeconds(3);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final BlobStore store;
    private final Duration pause;
    private final String probe = "probe-" + UUID.randomUUID();
    private final Loop prober;
    private final CountDownLatch probed = new CountDownLatch(1);
    private final OutageLog outage = new OutageLog(
            "The store of files does not work, so that uploads fail; it is tried again",
            "The store of files works again"); // guarded by this
    private int length = 1; // of the next probe, in bytes; guarded by this
    private volatile @Nullable TuttiException failure =
            new TuttiException(ErrorCode.UNAVAILABLE, "the store of files has not answered yet");
    private volatile boolean suspect; // as something could not be opened
    private volatile boolean closed;

    /**
     * Does not ask {@code store}, which it closes, before {@link #start}.
     *
     * @param pause between looking whether a probe is needed
     */
    public MonitoredBlobStore(BlobStore store, Duration pause) {
        this.store = store;
        this.pause = pause;
        this.prober = new Loop(Loop.virtual("tutti-files-probe"), pause, this::look);
    }

    /** Begins to probe, and waits for the end of the first probe, three seconds at most; how it ended is for {@link #check}. Called once. */
    public void start() {
        prober.start();
        try {
            boolean _ = probed.await(FIRST_PROBE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Healthy if no write or deletion has failed since the last probe went through. Does not block.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if not; the innermost cause says why
     */
    public Status check() {
        TuttiException known = failure;
        if (known != null) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "the store of files does not work", known);
        }
        return Status.HEALTHY;
    }

    private Duration look() {
        if (suspect || failure != null) {
            suspect = false;
            int bytes = length();
            try {
                probe(bytes);
                succeeded(bytes);
            } catch (TuttiException refused) {
                failed(refused, bytes);
            } finally {
                probed.countDown();
            }
        }
        return pause;
    }

    private void probe(int bytes) {
        store.put(probe, new byte[bytes], bytes);
        try (InputStream in = store.open(probe, 0, bytes)) {
            if (in.readNBytes(bytes).length < bytes) {
                throw new IOException("of an object of " + bytes + " bytes fewer can be read");
            }
        } catch (IOException unreadable) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "the store of files cannot be read", unreadable);
        }
        store.delete(probe);
    }

    private synchronized int length() {
        return length;
    }

    private synchronized void succeeded(int bytes) {
        if (bytes == length) { // nothing longer was refused meanwhile
            length = 1;
            outage.succeeded();
            failure = null;
        }
    }

    /** The reason stays while failures are of one kind: each has another object in its words, or another request. */
    private synchronized void failed(TuttiException refused, int bytes) {
        if (closed || !OutageLog.isOutage(refused)) {
            return;
        }
        length = Math.max(length, bytes);
        outage.failed(refused);
        TuttiException known = failure;
        if (known == null || !kind(known).equals(kind(refused))) {
            failure = refused;
        }
    }

    private static Class<?> kind(Throwable failure) {
        Throwable root = failure;
        for (Throwable next = failure; next != null; next = next.getCause()) {
            root = next;
        }
        return root.getClass();
    }

    /** Runs {@code call}, which is about {@code bytes} bytes, and notes how it fails. */
    private void noted(int bytes, Runnable call) {
        try {
            call.run();
        } catch (TuttiException refused) {
            if (Thread.currentThread().isInterrupted()) {
                suspect = true; // the caller has ended it, and maybe not the store
            } else {
                failed(refused, bytes);
            }
            throw refused;
        }
    }

    @Override
    public String id() {
        return store.id();
    }

    @Override
    public void put(String name, byte[] bytes, int length) {
        noted(length, () -> store.put(name, bytes, length));
    }

    @Override
    public InputStream open(String name, long from, long length) {
        try {
            return store.open(name, from, length);
        } catch (TuttiException refused) {
            suspect = true;
            throw refused;
        }
    }

    @Override
    public void delete(String name) {
        noted(1, () -> store.delete(name));
    }

    /** Ends a probe that is going on, after a second, and closes the other store. Idempotent. */
    @Override
    public void close() {
        closed = true;
        prober.close(GOODBYE);
        store.close();
    }
}
