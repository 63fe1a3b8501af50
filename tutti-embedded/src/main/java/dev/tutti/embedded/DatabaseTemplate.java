package dev.tutti.embedded;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * An empty database that is made once and copied to where one is to be started, for tests that start many: a copy costs a
 * small part of the CPU time of a new one. It is kept beside PostgreSQL's programs, is never started itself, and is another
 * one for other programs or other options. Safe for use by many threads and processes.
 *
 * <p>Not for what lasts: all copies have one password and one system identifier, and a copy is not synced, so that a crash
 * of the machine may damage it.
 */
public final class DatabaseTemplate {
    private DatabaseTemplate() {}

    /**
     * Puts a copy into the settings' directory, unless a database is there. Makes the template if it is not there.
     *
     * @return {@code settings}, to be started with
     * @throws TuttiException with {@link ErrorCode#CONFLICT} if another process uses the directory, with {@link
     *     ErrorCode#UNSUPPORTED} if there is no PostgreSQL for this machine or user, with {@link ErrorCode#UNAVAILABLE} if
     *     it cannot be made or copied
     */
    public static EmbeddedSettings copiedTo(EmbeddedSettings settings) {
        return copiedTo(settings, OsUser.find());
    }

    static EmbeddedSettings copiedTo(EmbeddedSettings settings, OsUser identity) {
        try {
            Files.createDirectories(settings.directory());
            try (DirectoryLock _ = DirectoryLock.take(settings.directory())) {
                Binaries programs = Binaries.in(settings.binaries());
                PgCluster cluster = new PgCluster(settings, identity, programs);
                if (!cluster.exists()) {
                    cluster.copy(made(settings.binaries(), identity, programs));
                }
            }
            return settings;
        } catch (IOException e) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "no database could be copied to " + settings.directory() + ": " + e.getMessage(),
                    e);
        }
    }

    /** Where it is; synchronized, as a lock of a file is the whole process's. */
    private static synchronized Path made(Path binaries, OsUser identity, Binaries programs) throws IOException {
        CRC32 options = new CRC32();
        options.update(String.join(" ", PgCluster.INIT_OPTIONS).getBytes(StandardCharsets.UTF_8));
        Path home =
                binaries.resolve("template-%s-%08x".formatted(programs.home().getFileName(), options.getValue()));
        try (FileChannel lock = FileChannel.open(
                binaries.resolve("template.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock(); // until it is closed
            PgCluster template = new PgCluster(EmbeddedSettings.in(home).withBinaries(binaries), identity, programs);
            if (!template.exists()) {
                Files.createDirectories(home);
                template.initialise();
            }
        }
        return home;
    }
}
