package dev.tutti.server.storage;

import dev.tutti.core.Tutti;
import dev.tutti.file.FileSettings;
import dev.tutti.file.FileStorage;
import dev.tutti.file.store.BlobStore;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.file.store.S3BlobStore;
import dev.tutti.file.store.S3Settings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.FileStorageSettings;
import dev.tutti.server.config.FileStorageSettings.StorageProvider;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Where the files of this cluster are, as configured. Closed after those who use it.
 *
 * @param files what is asked
 * @param bytes what is under that
 */
public record FileStore(FileStorage files, BlobStore bytes) implements AutoCloseable {
    /**
     * Opens it; empty if there are no files in this configuration.
     *
     * @throws dev.tutti.TuttiException if it cannot be used; the message says what to do
     */
    public static Optional<FileStore> open(
            Configuration configuration, DataSource database, Tutti tutti, Clock clock, List<String> secrets) {
        return provider(configuration).map(provider -> switch (provider) {
            case LOCAL -> {
                LocalBlobStore directory = new LocalBlobStore(configuration
                        .value(FileStorageSettings.LOCAL_PATH)
                        .orElseGet(() ->
                                configuration.value(DatabaseSettings.DATA_DIR).resolve("files")));
                FileStore store = of(configuration, directory, database, tutti, clock, secrets);
                store.files().requireDirectory(directory.id());
                yield store;
            }
            case S3 -> of(configuration, new S3BlobStore(s3(configuration)), database, tutti, clock, secrets);
        });
    }

    private static Optional<StorageProvider> provider(Configuration configuration) {
        return configuration
                .value(FileStorageSettings.PROVIDER)
                .or(() -> configuration.value(DatabaseSettings.DATABASE_URL).isEmpty()
                        ? Optional.of(StorageProvider.LOCAL)
                        : Optional.empty());
    }

    private static FileStore of(
            Configuration configuration,
            BlobStore bytes,
            DataSource database,
            Tutti tutti,
            Clock clock,
            List<String> secrets) {
        FileSettings settings = new FileSettings(
                configuration.value(FileStorageSettings.MAX_BYTES),
                configuration.value(FileStorageSettings.ACCOUNT_BYTES),
                configuration.value(FileStorageSettings.ACCOUNT_FILES),
                configuration.value(FileStorageSettings.UPLOAD_TTL));
        return new FileStore(new FileStorage(database, bytes, settings, clock, secrets, tutti.meters()), bytes);
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
