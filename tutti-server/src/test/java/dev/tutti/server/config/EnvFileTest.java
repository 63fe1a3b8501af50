package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
    @TempDir
    private Path directory;

    @Test
    void namesQuotesAndCommentsAreRead() throws IOException {
        Path file = Files.writeString(directory.resolve(".env"), """
                # a comment
                PORT=4000
                HOST = 0.0.0.0   # behind a value
                INSTANCE_ID="quoted"
                DATABASE_URL='postgres://me:p#w@host/db?a=b'
                EMPTY=
                """);

        assertThat(EnvFile.read(file, ".env"))
                .isEqualTo(new EnvFile.Read(new SettingSource(
                        ".env",
                        Map.of(
                                "PORT", "4000",
                                "HOST", "0.0.0.0",
                                "INSTANCE_ID", "quoted",
                                "DATABASE_URL", "postgres://me:p#w@host/db?a=b",
                                "EMPTY", ""))));
    }

    @Test
    void linesForAShellAreRead() throws IOException {
        Path file = Files.writeString(directory.resolve(".env"), """
                \uFEFFexport PORT=1\r
                export  HOST="::1" # behind quotes
                JWT_SECRET=with#hash\t# and comment
                REDIS_URL= # nothing
                TUTTI_BUS=#
                """);

        assertThat(EnvFile.read(file, ".env"))
                .isEqualTo(new EnvFile.Read(new SettingSource(
                        ".env",
                        Map.of(
                                "PORT",
                                "1",
                                "HOST",
                                "::1",
                                "JWT_SECRET",
                                "with#hash",
                                "REDIS_URL",
                                "",
                                "TUTTI_BUS",
                                ""))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT", "PORT 1", "=1", "1A=1", "A='x", "A='x'y", "A=\"x\" y", "export", "A='x' 'y'"})
    void whichLineIsWrongIsTold(String line) throws IOException {
        Path file = Files.writeString(directory.resolve(".env"), "# one\nPORT=1\n" + line + "\n");

        assertThat(EnvFile.read(file, ".env"))
                .isEqualTo(new EnvFile.Unusable(
                        new ConfigurationError(".env", "line 3 is neither NAME=value nor a comment beginning with #")));
    }

    @Test
    void aFileThatIsNotThereIsAbsent() {
        assertThat(EnvFile.read(directory.resolve("none"), "none")).isEqualTo(new EnvFile.Absent());
    }

    @Test
    void whatCannotBeUnderstoodIsAMistakeThatRepeatsNothingOfIt() throws IOException {
        Path file = Files.writeString(directory.resolve("bad.env"), "PORT=1\nJWT_SECRET very-secret\n");

        assertThat(EnvFile.read(file, "bad.env"))
                .isInstanceOfSatisfying(
                        EnvFile.Unusable.class,
                        unusable -> assertThat(unusable.mistake().sentence())
                                .startsWith("bad.env line 2 is neither")
                                .doesNotContain("very-secret"));
    }

    @Test
    void aDirectoryIsAMistake() {
        assertThat(EnvFile.read(directory, "dir")).isInstanceOf(EnvFile.Unusable.class);
    }
}
