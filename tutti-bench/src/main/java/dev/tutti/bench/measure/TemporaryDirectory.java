package dev.tutti.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory of a measurement's own, which is deleted with all that is in it when this is closed. For one thread at a time. */
public final class TemporaryDirectory implements AutoCloseable {
    private final Path path;

    /** Makes one whose name begins with {@code tutti-bench} and {@code name}. */
    public TemporaryDirectory(String name) {
        try {
            path = Files.createTempDirectory("tutti-bench-" + name);
        } catch (IOException failure) {
            throw new BenchException("no temporary directory", failure);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            for (Path file : contents()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new BenchException("cannot delete " + path, failure);
        }
    }

    private List<Path> contents() throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
