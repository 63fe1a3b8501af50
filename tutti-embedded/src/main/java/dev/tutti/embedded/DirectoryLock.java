package dev.tutti.embedded;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to use a directory, held once in one process at a time; the system takes it back when the process ends. Safe
 * for use by many threads.
 */
public final class DirectoryLock implements AutoCloseable {
    /**
     * The real paths of the directories that this process holds. They are looked at before the file is opened: POSIX takes
     * a process's lock away when the process closes any descriptor of the file, so that a second attempt would end the
     * first one's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @throws TuttiException with {@link ErrorCode#CONFLICT} if another process has it, or this one already
     */
    public static DirectoryLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw taken(directory);
        }
        boolean held = false;
        try {
            DirectoryLock lock = new DirectoryLock(real, locked(directory));
            held = true;
            return lock;
        } finally {
            if (!held) {
                HELD.remove(real);
            }
        }
    }

    private static FileChannel locked(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            throw taken(directory); // held by this process under another path, as a bind mount gives it
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        if (!locked) {
            throw taken(directory);
        }
        return channel;
    }

    private static TuttiException taken(Path directory) {
        return new TuttiException(
                ErrorCode.CONFLICT,
                "another Tutti is running in " + directory
                        + "; stop it, or give this one a directory of its own with TUTTI_DATA_DIR");
    }

    /** Gives it back. Idempotent. */
    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return; // by now somebody else in this process may hold it
        }
        try {
            channel.close();
        } finally {
            HELD.remove(directory); // last: until then no other channel may be opened and closed
        }
    }
}
