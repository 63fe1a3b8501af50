package dev.tutti.file.store;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Objects as files of a directory, which several instances have to share. One is written beside its name, brought to the disk and
 * renamed; a part of one that cannot be written is deleted. Safe for use by many threads and processes; blocks.
 */
public final class LocalBlobStore implements BlobStore {
    private static final String MARK = "tutti-files-id";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{8,128}");
    private static final int FOLDER_LETTERS = 2;

    private final Path directory;

    /** Folders whose own names are on the disk; bounded by the pairs of letters that names begin with. */
    private final Set<Path> lasting = ConcurrentHashMap.newKeySet();

    /**
     * The objects in {@code directory}, which is made if it does not exist, so that nobody but its owner may enter it.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if it cannot be written
     */
    public LocalBlobStore(Path directory) {
        this.directory = directory;
        try {
            if (!Files.isDirectory(directory)) {
                makeForItsOwner(directory);
            }
        } catch (IOException failure) {
            throw failed("cannot be made", failure);
        }
    }

    /** The directories above it are made as any others. */
    private static void makeForItsOwner(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    /**
     * The name of this directory, in a file of it that the first instance makes.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if there is none and none can be made, or what is there is none
     */
    @Override
    public String id() {
        Path mark = directory.resolve(MARK);
        try {
            if (!Files.exists(mark)) {
                make(mark);
            }
            force(directory); // also what another process has made
            String text = new String(Files.readAllBytes(mark), StandardCharsets.ISO_8859_1).strip();
            if (!ID.matcher(text).matches()) {
                throw new TuttiException(
                        ErrorCode.UNAVAILABLE,
                        mark + " holds no id. If this is the directory with the files, write into it what the table"
                                + " tutti.file_directory has");
            }
            return text;
        } catch (IOException failure) {
            throw failed("cannot be used", failure);
        }
    }

    private void make(Path mark) throws IOException {
        Path made = Files.writeString(
                directory.resolve(MARK + "." + UUID.randomUUID()),
                UUID.randomUUID().toString(),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC);
        try {
            Files.createLink(mark, made); // whole or not at all, and the first one's
        } catch (FileAlreadyExistsException another) {
            // that one counts
        } finally {
            Files.delete(made);
        }
    }

    @Override
    public void put(String name, byte[] bytes, int length) {
        Path file = file(name);
        Path unfinished = unfinished(file);
        try {
            Path folder = folder(name);
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
            force(folder);
        } catch (IOException failure) {
            discard(unfinished, failure);
            throw failed("cannot be written", failure);
        }
    }

    /** Deletes what {@code failure} has left, which takes up room, perhaps the last. A second failure is told with the first. */
    private static void discard(Path unfinished, IOException failure) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
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

    /** The folder of an object, whose own name lasts, whichever process has made it. */
    private Path folder(String name) throws IOException {
        Path folder = directory.resolve(name.substring(0, FOLDER_LETTERS));
        if (!lasting.contains(folder) || Files.notExists(folder)) {
            Files.createDirectories(folder);
            force(directory);
            lasting.add(folder);
        }
        return folder;
    }

    /** Brings the names in {@code folder} to the disk. */
    private static void force(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    private static Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + ".unfinished");
    }

    private static TuttiException failed(String what, IOException failure) {
        return new TuttiException(ErrorCode.UNAVAILABLE, "the directory of files " + what, failure);
    }
}
