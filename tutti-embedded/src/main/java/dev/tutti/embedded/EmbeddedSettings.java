package dev.tutti.embedded;

import java.nio.file.Path;

/**
 * How a database of one's own is kept.
 *
 * @param directory where the database, its password and its log are; made if it is not there
 * @param binaries where PostgreSQL itself is unpacked, about 60 MB; may be shared by several databases
 * @param sharedBuffersMiB PostgreSQL's own cache in MiB, 16 to 65,536
 * @param maxConnections how many connections it takes, 10 to 10,000
 */
public record EmbeddedSettings(Path directory, Path binaries, int sharedBuffersMiB, int maxConnections) {
    public EmbeddedSettings {
        require("sharedBuffersMiB", sharedBuffersMiB, 16, 65_536);
        require("maxConnections", maxConnections, 10, 10_000);
        directory = directory.toAbsolutePath().normalize();
        binaries = binaries.toAbsolutePath().normalize();
    }

    /** Everything in {@code directory}, with 128 MiB of cache and 100 connections. */
    public static EmbeddedSettings in(Path directory) {
        return new EmbeddedSettings(directory, directory.resolve("binaries"), 128, 100);
    }

    /** The same with the binaries elsewhere. */
    public EmbeddedSettings withBinaries(Path place) {
        return new EmbeddedSettings(directory, place, sharedBuffersMiB, maxConnections);
    }

    /** The same for {@code connections} connections. */
    public EmbeddedSettings withMaxConnections(int connections) {
        return new EmbeddedSettings(directory, binaries, sharedBuffersMiB, connections);
    }

    private static void require(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " to " + most);
        }
    }
}
