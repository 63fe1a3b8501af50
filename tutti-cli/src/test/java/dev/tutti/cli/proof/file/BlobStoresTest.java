package dev.tutti.cli.proof.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.BlobStore;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.file.store.MonitoredBlobStore;
import dev.tutti.file.store.S3BlobStore;
import dev.tutti.file.store.S3Settings;
import dev.tutti.health.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every store promises, asked of a directory and of an S3 service. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlobStoresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIZE = 4 << 20;

    private final byte[] bytes = new byte[SIZE];
    private Path directory;
    private S3Process s3;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        s3 = S3Process.start(Files.createDirectories(directory.resolve("s3")));
        new Random(1).nextBytes(bytes);
    }

    @AfterAll
    void stop() {
        s3.close();
    }

    private Stream<BlobStore> stores() {
        return Stream.of(new LocalBlobStore(directory.resolve("files")), bucket(s3.address(), S3Process.SECRET));
    }

    private static BlobStore bucket(URI address, String secret) {
        return new S3BlobStore(new S3Settings(
                S3Process.BUCKET,
                "us-east-1",
                Optional.of(address),
                Optional.of(new S3Settings.Keys(S3Process.KEY, secret)),
                true,
                "some/prefix/"));
    }

    private static byte[] read(BlobStore store, String name, long from, int length) throws IOException {
        try (InputStream in = store.open(name, from, length)) {
            return in.readNBytes(length);
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void whatWasPutIsThereInWholeAndInPart(BlobStore store) throws IOException {
        try (store) {
            store.put("whole-0-0", bytes, SIZE);
            store.put("part-0-0", bytes, 1000);

            assertThat(read(store, "whole-0-0", 0, SIZE)).isEqualTo(bytes);
            assertThat(read(store, "whole-0-0", 5, 100)).isEqualTo(Arrays.copyOfRange(bytes, 5, 105));
            assertThat(read(store, "part-0-0", 990, 10)).isEqualTo(Arrays.copyOfRange(bytes, 990, 1000));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void whatWasDeletedIsGoneAndMayBeDeletedAgain(BlobStore store) {
        try (store) {
            store.put("gone-0-0", bytes, 10);
            store.delete("gone-0-0");
            store.delete("gone-0-0");

            assertThatExceptionOfType(TuttiException.class)
                    .isThrownBy(() -> store.open("gone-0-0", 0, 10))
                    .returns(ErrorCode.UNAVAILABLE, TuttiException::code);
        }
    }

    @Test
    void aStoreThatRefusesIsUnavailable() {
        try (BlobStore store = bucket(s3.address(), "a-wrong-secret")) {
            assertThatExceptionOfType(TuttiException.class)
                    .isThrownBy(() -> store.put("refused-0-0", bytes, 10))
                    .returns(ErrorCode.UNAVAILABLE, TuttiException::code);
        }
    }

    @Test
    void aStoreThatIsMonitoredSaysWhyItRefuses() {
        try (MonitoredBlobStore wrong =
                        new MonitoredBlobStore(bucket(s3.address(), "a-wrong-secret"), Duration.ofSeconds(1));
                MonitoredBlobStore right =
                        new MonitoredBlobStore(bucket(s3.address(), S3Process.SECRET), Duration.ofSeconds(1))) {
            wrong.start();
            right.start();

            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThatThrownBy(wrong::check).rootCause().hasMessageContaining("Status Code: 403"));
            await().atMost(PATIENCE).ignoreExceptions().until(() -> right.check() == Status.HEALTHY);
        }
    }

    @Test
    void aDirectoryHasOneIdForAll() {
        assertThat(new LocalBlobStore(directory.resolve("one")).id())
                .isEqualTo(new LocalBlobStore(directory.resolve("one")).id())
                .isNotEqualTo(new LocalBlobStore(directory.resolve("another")).id());
    }

    @Test
    void aDirectoryWhoseIdIsBrokenSaysSo() throws IOException {
        LocalBlobStore store = new LocalBlobStore(directory.resolve("broken"));
        Path mark = directory.resolve("broken").resolve("tutti-files-id");
        String id = store.id();
        for (String broken : new String[] {"", "\0\0\0\0", id.substring(1)}) {
            Files.writeString(mark, broken);
            assertThatExceptionOfType(TuttiException.class)
                    .isThrownBy(store::id)
                    .withMessageContaining(mark + " holds no id")
                    .withMessageContaining("tutti.file_directory");
        }
        Files.writeString(mark, id + "\n");
        assertThat(store.id()).isEqualTo(id);
    }

    @Test
    void aBucketHasOneIdForAll() {
        String id = id("https://minio.example", "files", "a/");

        assertThat(id("https://MINIO.example/", "files", "a/")).isEqualTo(id);
        assertThat(Set.of(
                        id,
                        id("https://minio.example:9000", "files", "a/"),
                        id("https://minio.example", "file", "a/"),
                        id("https://minio.example", "files", "b/"),
                        id("https://minio.example", "files", "")))
                .hasSize(5);
    }

    private static String id(String endpoint, String bucket, String prefix) {
        try (BlobStore store = new S3BlobStore(new S3Settings(
                bucket, "us-east-1", Optional.of(URI.create(endpoint)), Optional.empty(), true, prefix))) {
            return store.id();
        }
    }
}
