package dev.tutti.embedded;

import java.nio.file.Path;

/**
 * The settings of an embedded database.
 *
 * @param directory the directory of the database, its password and its log; created if it does not exist
 * @param binaries the directory into which PostgreSQL itself is unpacked, about 60 MB; several databases may share it
 * @param sharedBuffersMiB the size of PostgreSQL's own cache in MiB, 16 to 65,536
 * @param maxConnections the most connections to it, 10 to 10,000
 */
public record EmbeddedSettings(Path directory, Path binaries, int sharedBuffersMiB, int maxConnections) {
    public EmbeddedSettings {
        require("sharedBuffersMiB", sharedBuffersMiB, 16, 65_536);
        require("maxConnections", maxConnections, 10, 10_000);
        directory = directory.toAbsolutePath().normalize();
        binaries = binaries.toAbsolutePath().normalize();
    }

    /** Settings with everything in {@code directory}, 128 MiB of cache and 100 connections. */
    public static EmbeddedSettings in(Path directory) {
        return new EmbeddedSettings(directory, directory.resolve("binaries"), 128, 100);
    }

    /** The same with another directory for the binaries. */
    public EmbeddedSettings withBinaries(Path place) {
        return new EmbeddedSettings(directory, place, sharedBuffersMiB, maxConnections);
    }

    /** The same with another number of connections. */
    public EmbeddedSettings withMaxConnections(int connections) {
        return new EmbeddedSettings(directory, binaries, sharedBuffersMiB, connections);
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " to " + most);
        }
    }
}
