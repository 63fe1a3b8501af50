package dev.tutti.cli.proof.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

@Tag("long")
class FilesInS3Test extends AbstractFilesTest {
    private @Nullable S3Process s3;

    @Override
    Map<String, String> store(Path directory) throws Exception {
        S3Process started = S3Process.start(Files.createDirectories(directory.resolve("s3")));
        s3 = started;
        return Map.of(
                "STORAGE_PROVIDER",
                "s3",
                "S3_ENDPOINT",
                started.address().toString(),
                "S3_BUCKET",
                S3Process.BUCKET,
                "S3_ACCESS_KEY_ID",
                S3Process.KEY,
                "S3_SECRET_ACCESS_KEY",
                S3Process.SECRET);
    }

    @AfterAll
    void stopStore() {
        if (s3 != null) {
            s3.close();
        }
    }
}
