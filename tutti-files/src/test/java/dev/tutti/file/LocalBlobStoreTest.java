package dev.tutti.file;

import static dev.tutti.file.SomeFiles.objects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.LocalBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBlobStoreTest {
    private static final String NAME = "object-0-0";

    @TempDir
    private Path directory;

    @Test
    void nothingIsLeftOfAnObjectThatCannotBeWritten() throws IOException {
        Path inTheWay = directory.resolve("ob").resolve(NAME);
        Files.createDirectories(inTheWay.resolve("full")); // a file cannot be renamed to this

        try (LocalBlobStore store = new LocalBlobStore(directory)) {
            assertThatExceptionOfType(TuttiException.class)
                    .isThrownBy(() -> store.put(NAME, new byte[100], 100))
                    .returns(ErrorCode.UNAVAILABLE, TuttiException::code);
        }

        assertThat(objects(directory, NAME)).containsExactly(inTheWay);
    }

    @Test
    void aDirectoryThatItMakesIsForItsOwnerAloneAndOneThatWasThereIsLeft() throws IOException {
        Path made = directory.resolve("above").resolve("files");
        Path there = Files.createDirectory(directory.resolve("there"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxrwx--x"));

        for (Path each : List.of(made, there)) {
            try (LocalBlobStore store = new LocalBlobStore(each)) {
                store.put(NAME, new byte[100], 100);
            }
        }

        assertThat(permissions(made)).isEqualTo("rwx------");
        assertThat(permissions(there)).isEqualTo("rwxrwx--x");
        Path usual = Files.createDirectory(directory.resolve("usual"));
        assertThat(permissions(made.resolveSibling("."))).isEqualTo(permissions(usual));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
