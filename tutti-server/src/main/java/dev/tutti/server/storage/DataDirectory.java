package dev.tutti.server.storage;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SecretFile;
import dev.tutti.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the embedded database and the secrets made on the first start are kept.
 *
 * @param path of TUTTI_DATA_DIR
 */
public record DataDirectory(Path path) {
    /** As configured. */
    public static DataDirectory of(Configuration configuration) {
        return new DataDirectory(configuration.value(Settings.DATA_DIR));
    }

    /** How the embedded database is kept. */
    public EmbeddedSettings database() {
        return EmbeddedSettings.in(path.resolve("postgres"));
    }

    /**
     * What access tokens are signed with, made at the first call. For one process at a time.
     *
     * @throws TuttiException if it cannot be read or made
     */
    public String tokenSecret() {
        Path file = path.resolve("jwt-secret");
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
