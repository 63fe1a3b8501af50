package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
    @TempDir
    private Path directory;

    @Test
    void aSecretIsMadeOnceAndKept() throws IOException {
        String made = SecretFile.at(directory.resolve("secret"));

        assertThat(made).hasSize(64);
        assertThat(SecretFile.at(directory.resolve("secret"))).isEqualTo(made);
        assertThat(SecretFile.at(directory.resolve("other"))).isNotEqualTo(made);
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        SecretFile.at(directory.resolve("secret"));

        assertThat(Files.getPosixFilePermissions(directory.resolve("secret")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void whatACrashLeftBehindIsReplaced() throws IOException {
        Files.writeString(directory.resolve("secret.new"), "half of i");

        assertThat(SecretFile.at(directory.resolve("secret"))).hasSize(64);
        assertThat(directory.resolve("secret.new")).doesNotExist();
    }

    @Test
    void aFileThatIsTooShortIsRefusedWithoutShowingIt() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "short");

        assertThatThrownBy(() -> SecretFile.at(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("short");
    }
}
