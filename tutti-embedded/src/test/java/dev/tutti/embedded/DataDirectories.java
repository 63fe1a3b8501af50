package dev.tutti.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Temporary directories for databases, deleted at the end of a test; the binaries are unpacked once for all tests. */
final class DataDirectories implements AutoCloseable {
    private final List<Path> made = new ArrayList<>();

    Path fresh() throws IOException {
        Path directory = Files.createTempDirectory("tutti-embedded-");
        made.add(directory);
        return directory;
    }

    static EmbeddedSettings settings(Path directory) {
        return EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres"));
    }

    @Override
    public void close() throws IOException {
        for (Path directory : made) {
            Trees.delete(directory);
        }
    }
}
