package dev.tutti.cli.proof.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files that are larger than the heap of the server. */
class LargeFilesTest {
    private static final String HEAP = "-Xmx128m";

    @Test
    @Tag("long")
    void aFileOfTwiceTheHeapGoesInAndOut(@TempDir Path directory, TestReporter reporter) throws Exception {
        inAndOut(256L << 20, directory, reporter);
    }

    @Test
    @Tag("long")
    void aFileOfAGigabyteGoesInAndOut(@TempDir Path directory, TestReporter reporter) throws Exception {
        inAndOut(1L << 30, directory, reporter);
    }

    private static void inAndOut(long bytes, Path directory, TestReporter reporter) throws Exception {
        Launch usual = Solo.launch(directory);
        List<String> command = usual.command().stream()
                .map(part -> part.startsWith("-Xmx") ? HEAP : part)
                .toList();
        assertThat(command).contains(HEAP);
        Launch small = new Launch(command, usual.environment(), usual.directory(), usual.address(), usual.patience())
                .with("TUTTI_FILE_MAX_BYTES", "" + bytes)
                .with("TUTTI_FILE_ACCOUNT_BYTES", "" + bytes);
        try (ServerProcess server = ServerProcess.start(small);
                ServerApi api = new ServerApi(small.address())) {
            FileClient client = new FileClient(small.address(), api.register("ann."));
            String sent = sha256(new Noise(bytes));

            long begin = System.nanoTime();
            JsonNode file = FileClient.json(client.upload("large", bytes, () -> new Noise(bytes)));
            long stored = System.nanoTime();
            assertThat(file.path("sha256").asString()).isEqualTo(sent);
            try (InputStream got = client.read("/api/files/" + file.path("id").asString() + "/content")) {
                assertThat(sha256(got)).isEqualTo(sent);
            }
            long read = System.nanoTime();

            assertThat(server.output()).doesNotContain("OutOfMemoryError");
            reporter.publishEntry("MiB/s in", "" + (bytes >> 20) * 1_000_000_000 / (stored - begin));
            reporter.publishEntry("MiB/s out", "" + (bytes >> 20) * 1_000_000_000 / (read - stored));
        }
    }

    private static String sha256(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] part = new byte[65_536];
        for (int n = in.read(part); n >= 0; n = in.read(part)) {
            digest.update(part, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The same bytes each time, which do not repeat. */
    private static final class Noise extends InputStream {
        private final SplittableRandom random = new SplittableRandom(1);
        private long left;

        private Noise(long bytes) {
            left = bytes;
        }

        @Override
        public int read() throws IOException {
            throw new IOException("read in parts");
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (left == 0) {
                return -1;
            }
            int few = (int) Math.min(left, length);
            byte[] noise = new byte[few];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, into, from, few);
            left -= few;
            return few;
        }
    }
}
