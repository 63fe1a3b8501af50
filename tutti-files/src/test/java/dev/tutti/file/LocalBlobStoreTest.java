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
}
