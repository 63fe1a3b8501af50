package dev.tutti.server.storage;

import dev.tutti.core.Tutti;
import dev.tutti.file.FileOwners;
import dev.tutti.file.FileSettings;
import dev.tutti.file.FileStorage;
import dev.tutti.file.store.BlobStore;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.file.store.MonitoredBlobStore;
import dev.tutti.file.store.S3BlobStore;
import dev.tutti.file.store.S3Settings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.FileStorageSettings;
import dev.tutti.server.config.FileStorageSettings.StorageProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The place where the files of this cluster are, as configured. It is closed after its users.
 *
 * @param files what is asked
 * @param bytes what is under that
 */
public record FileStore(FileStorage files, BlobStore bytes) implements AutoCloseable {
    private static final Duration PROBE_PAUSE = Duration.ofSeconds(10);

    /**
     * Opens it, for those whom {@code owners} holds, and adds it to the health of {@code tutti}; empty if there are no files in this
     * configuration. A bucket may be away, or refuse: it is tried for three seconds, and again later.
     *
     * @throws dev.tutti.TuttiException if a directory cannot be used, or the store is not the one of the other instances; the message says
     *     what to do
     */
    public static Optional<FileStore> open(
            Configuration configuration,
            DataSource database,
            FileOwners owners,
            Tutti tutti,
            Clock clock,
            List<String> secrets) {
        return provider(configuration).map(provider -> {
            MonitoredBlobStore bytes = new MonitoredBlobStore(store(provider, configuration), PROBE_PAUSE);
            boolean opened = false;
            try {
                FileStorage files = new FileStorage(
                        database, bytes, settings(configuration), owners, clock, secrets, tutti.meters());
                files.requireStore(bytes.id(), named(configuration, provider));
                bytes.start();
                tutti.health().prefer("files", bytes::check);
                opened = true;
                return new FileStore(files, bytes);
            } finally {
                if (!opened) {
                    bytes.close();
                }
            }
        });
    }

    private static BlobStore store(StorageProvider provider, Configuration configuration) {
        return switch (provider) {
            case LOCAL -> new LocalBlobStore(directory(configuration));
            case S3 -> new S3BlobStore(s3(configuration));
        };
    }

    private static Optional<StorageProvider> provider(Configuration configuration) {
        return configuration
                .value(FileStorageSettings.PROVIDER)
                .or(() -> configuration.value(DatabaseSettings.DATABASE_URL).isEmpty()
                        ? Optional.of(StorageProvider.LOCAL)
                        : Optional.empty());
    }

    private static FileSettings settings(Configuration configuration) {
        return new FileSettings(
                configuration.value(FileStorageSettings.MAX_BYTES),
                configuration.value(FileStorageSettings.ACCOUNT_BYTES),
                configuration.value(FileStorageSettings.ACCOUNT_FILES),
                configuration.value(FileStorageSettings.UPLOAD_TTL));
    }

    private static Path directory(Configuration configuration) {
        return configuration
                .value(FileStorageSettings.LOCAL_PATH)
                .orElseGet(() -> configuration.value(DatabaseSettings.DATA_DIR).resolve("files"));
    }

    /** The settings that say which store it is. */
    private static String named(Configuration configuration, StorageProvider provider) {
        return switch (provider) {
            case LOCAL -> FileStorageSettings.LOCAL_PATH.name() + "=" + directory(configuration);
            case S3 ->
                FileStorageSettings.BUCKET.name() + "="
                        + configuration.value(FileStorageSettings.BUCKET).orElseThrow();
        };
    }

    private static S3Settings s3(Configuration configuration) {
        return new S3Settings(
                configuration.value(FileStorageSettings.BUCKET).orElseThrow(),
                configuration.value(FileStorageSettings.REGION),
                configuration.value(FileStorageSettings.ENDPOINT),
                configuration
                        .value(FileStorageSettings.ACCESS_KEY_ID)
                        .map(id -> new S3Settings.Keys(
                                id,
                                configuration
                                        .value(FileStorageSettings.SECRET_ACCESS_KEY)
                                        .orElseThrow())),
                configuration
                        .value(FileStorageSettings.PATH_STYLE)
                        .orElse(configuration
                                .value(FileStorageSettings.ENDPOINT)
                                .isPresent()),
                configuration.value(FileStorageSettings.PREFIX));
    }

    @Override
    public void close() {
        bytes.close();
    }
}
