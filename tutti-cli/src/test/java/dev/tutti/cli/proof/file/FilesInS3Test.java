package dev.tutti.cli.proof.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class FilesInS3Test extends AbstractFilesTest {
    private S3Process s3;

    @Override
    Map<String, String> store(Path directory) throws Exception {
        s3 = S3Process.start(Files.createDirectories(directory.resolve("s3")));
        return Map.of(
                "STORAGE_PROVIDER",
                "s3",
                "S3_ENDPOINT",
                s3.address().toString(),
                "S3_BUCKET",
                S3Process.BUCKET,
                "S3_ACCESS_KEY_ID",
                S3Process.KEY,
                "S3_SECRET_ACCESS_KEY",
                S3Process.SECRET);
    }

    @AfterAll
    void stopStore() {
        s3.close();
    }
}
