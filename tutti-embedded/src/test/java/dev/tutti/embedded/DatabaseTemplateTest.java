package dev.tutti.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DatabaseTemplateTest {
    private final DataDirectories directories = new DataDirectories();

    @AfterEach
    void delete() throws IOException {
        directories.close();
    }

    @Test
    void copiesAreMadeOnceAndKnowNothingOfOneAnother() throws Exception {
        Path one = directories.fresh();
        Path other = directories.fresh();
        try (EmbeddedDatabase first = EmbeddedDatabase.start(copied(one))) {
            EmbeddedDatabaseTest.execute(first, "create table mine as select 1 as n");
            try (EmbeddedDatabase second = EmbeddedDatabase.start(copied(other))) {
                assertThat(EmbeddedDatabaseTest.value(second, "select to_regclass('mine')"))
                        .isNull();
                String system = "select system_identifier from pg_control_system()";
                assertThat(EmbeddedDatabaseTest.value(second, system))
                        .isEqualTo(EmbeddedDatabaseTest.value(first, system));
                for (String checked : List.of("data_checksums", "fsync", "full_page_writes")) {
                    assertThat(EmbeddedDatabaseTest.value(second, "show " + checked))
                            .as(checked)
                            .isEqualTo("on");
                }
            }
        }
        try (Stream<Path> all = Files.list(Path.of("target", "postgres"))) {
            assertThat(all.filter(path -> path.getFileName().toString().startsWith("template-postgres-")))
                    .isNotEmpty()
                    .allSatisfy(template -> assertThat(template.resolve("data").resolve("postmaster.opts"))
                            .as("what each start writes")
                            .doesNotExist());
        }
    }

    @Test
    void aDatabaseThatIsThereIsLeftAlone() throws Exception {
        Path directory = directories.fresh();
        String password;
        try (EmbeddedDatabase database = EmbeddedDatabaseTest.start(directory)) {
            EmbeddedDatabaseTest.execute(database, "create table kept as select 42 as n");
            password = database.password();
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(copied(directory))) {
            assertThat(EmbeddedDatabaseTest.value(database, "select n from kept"))
                    .isEqualTo("42");
            assertThat(database.password()).isEqualTo(password);
        }
    }

    @Test
    void whatAKilledCopyLeftBehindIsReplaced() throws Exception {
        Path directory = directories.fresh();
        Files.createDirectories(directory.resolve("data.new"));
        Files.writeString(directory.resolve("data.new").resolve("PG_VERSION"), "18");
        Files.writeString(directory.resolve("password.new"), "half");
        Files.writeString(directory.resolve("password"), "of no database");

        try (EmbeddedDatabase database = EmbeddedDatabase.start(copied(directory))) {
            assertThat(EmbeddedDatabaseTest.value(database, "select 1")).isEqualTo("1");
        }
    }

    @Tag("slow")
    @Test
    void copiesStartUnderEveryIdentityThatWorksHere() throws Exception {
        for (OsUser identity : OsUser.usable().toList().reversed()) {
            EmbeddedSettings settings =
                    DatabaseTemplate.copiedTo(DataDirectories.settings(directories.fresh()), identity);
            try (EmbeddedDatabase database = EmbeddedDatabase.start(settings, identity)) {
                assertThat(EmbeddedDatabaseTest.value(database, "select 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void aDirectoryInUseGetsNoCopy() throws Exception {
        Path directory = directories.fresh();
        try (DirectoryLock _ = DirectoryLock.take(directory)) {
            assertThatThrownBy(() -> copied(directory))
                    .isInstanceOfSatisfying(
                            TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        }
        assertThat(directory.resolve("data")).doesNotExist();
    }

    private static EmbeddedSettings copied(Path directory) {
        return DatabaseTemplate.copiedTo(DataDirectories.settings(directory));
    }
}
