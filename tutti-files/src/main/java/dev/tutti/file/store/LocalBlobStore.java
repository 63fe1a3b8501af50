package dev.tutti.file.store;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Objects as files of a directory, which several instances have to share. One is written beside its name, brought to the disk and
 * renamed. Safe for use by many threads and processes; blocks.
 */
public final class LocalBlobStore implements BlobStore {
    private static final String MARK = "tutti-files-id";
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{8,128}");
    private static final int FOLDER_LETTERS = 2;

    private final Path directory;

    /**
     * The objects in {@code directory}, which is made if it does not exist.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if it cannot be written
     */
    public LocalBlobStore(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw failed("cannot be made", failure);
        }
    }

    /** What this directory is called, in a file of it; made by whoever asks first. */
    public String id() {
        Path mark = directory.resolve(MARK);
        try {
            if (!Files.exists(mark)) {
                Path made = Files.writeString(
                        directory.resolve(MARK + "." + UUID.randomUUID()),
                        UUID.randomUUID().toString());
                try {
                    Files.createLink(mark, made); // whole or not at all, and the first one's
                } catch (FileAlreadyExistsException another) {
                    // that one counts
                } finally {
                    Files.delete(made);
                }
            }
            return Files.readString(mark);
        } catch (IOException failure) {
            throw failed("cannot be used", failure);
        }
    }

    @Override
    public void put(String name, byte[] bytes, int length) {
        Path file = file(name);
        Path unfinished = unfinished(file);
        try {
            Path folder = Files.createDirectories(directory.resolve(name.substring(0, FOLDER_LETTERS)));
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        } catch (IOException failure) {
            throw failed("cannot be written", failure);
        }
    }

    @Override
    public InputStream open(String name, long from, long length) {
        try {
            FileChannel channel = FileChannel.open(file(name), StandardOpenOption.READ);
            channel.position(from);
            return Channels.newInputStream(channel);
        } catch (IOException failure) {
            throw failed("cannot be read", failure);
        }
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(file(name));
            Files.deleteIfExists(unfinished(file(name)));
        } catch (IOException failure) {
            throw failed("cannot be written", failure);
        }
    }

    @Override
    public void close() {
        // nothing is open between calls
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("object '" + name + "' is not of the form " + NAME);
        }
        return directory.resolve(name.substring(0, FOLDER_LETTERS)).resolve(name);
    }

    private static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + ".unfinished");
    }

    private static TuttiException failed(String what, IOException failure) {
        return new TuttiException(ErrorCode.UNAVAILABLE, "the directory of files " + what, failure);
    }
}
