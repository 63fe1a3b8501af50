package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a balancer is made of.
 *
 * @param listen where it listens
 * @param directory where it may write, absolute
 * @param ledger where its process is noted
 * @param lines where it tells what happens
 */
record BalancerParts(Address listen, Path directory, Ledger ledger, StatusLines lines) {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    Keeper keeper(Program program) {
        return new Keeper(program, ledger, lines);
    }

    /** Puts {@code text} into the file {@code name} of the directory. */
    void write(String name, String text) {
        Path file = directory.resolve(name);
        try {
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE, file + " cannot be written: " + failure.getMessage(), failure);
        }
    }

    /** Waits until a balancer that was just started listens. */
    static void requireReady(Keeper keeper) throws InterruptedException {
        if (!keeper.awaitReady(START_LIMIT)) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    keeper.program().name() + " does not start on "
                            + keeper.program().address() + "; what it said stands above");
        }
    }
}
