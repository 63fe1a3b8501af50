package dev.tutti.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** Owners, contents and objects of files in tests. */
final class SomeFiles {
    private SomeFiles() {}

    /** An owner of whom nobody has heard before. */
    static String somebody() {
        return UUID.randomUUID().toString();
    }

    /** So many bytes that are nobody else's. */
    static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }

    /** The objects in {@code directory} whose names begin with {@code blob}. */
    static List<Path> objects(Path directory, String blob) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.getFileName().toString().startsWith(blob))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
