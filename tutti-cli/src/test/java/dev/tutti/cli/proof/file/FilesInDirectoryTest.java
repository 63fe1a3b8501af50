package dev.tutti.cli.proof.file;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class FilesInDirectoryTest extends AbstractFilesTest {
    @Override
    Map<String, String> store(Path directory) {
        return Map.of(
                "STORAGE_PROVIDER",
                "local",
                "STORAGE_LOCAL_PATH",
                directory.resolve("files").toString());
    }
}
