package dev.tutti.server.storage;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory where the embedded database and the secrets made on the first start are kept.
 *
 * @param path of TUTTI_DATA_DIR
 */
public record DataDirectory(Path path) {
    private static final String TOKEN_SECRET = "jwt-secret";

    /** The connections that the embedded database has beside those of DB_MAX_CONNECTIONS: for migrations, and for people with psql. */
    private static final int CONNECTIONS_BESIDE = 50;

    /** As configured. */
    public static DataDirectory of(Configuration configuration) {
        return new DataDirectory(configuration.value(DatabaseSettings.DATA_DIR));
    }

    /**
     * How the embedded database is kept for instances with {@code connections} in all, 1 to 9,950: it takes some more, and as many as it does by
     * itself at least.
     */
    public EmbeddedSettings database(int connections) {
        EmbeddedSettings usual = EmbeddedSettings.in(path.resolve("postgres"));
        return usual.withMaxConnections(Math.max(usual.maxConnections(), connections + CONNECTIONS_BESIDE));
    }

    /** The secret with which access tokens are signed, if an earlier start has made it. */
    public Optional<String> madeTokenSecret() {
        return Files.isReadable(path.resolve(TOKEN_SECRET)) ? Optional.of(tokenSecret()) : Optional.empty();
    }

    /**
     * The secret with which access tokens are signed, made at the first call. For one process at a time.
     *
     * @throws TuttiException if it cannot be read or made
     */
    public String tokenSecret() {
        Path file = path.resolve(TOKEN_SECRET);
        try {
            Files.createDirectories(path);
            return SecretFile.at(file);
        } catch (IOException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the secret in " + file + " cannot be read or made: " + failure.getMessage()
                            + "; check who owns TUTTI_DATA_DIR",
                    failure);
        }
    }
}
