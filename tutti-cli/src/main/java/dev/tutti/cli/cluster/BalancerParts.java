package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The parts that a balancer is made of.
 *
 * @param listen where it listens
 * @param directory where it may write, absolute
 * @param registry where its process is noted
 * @param lines where it tells what happens
 * @param ticker by which its process is watched, in nanoseconds
 */
record BalancerParts(Address listen, Path directory, ProcessRegistry registry, StatusLines lines, LongSupplier ticker) {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    Supervisor supervisor(SupervisedProgram program) {
        return new Supervisor(program, registry, lines, ticker);
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

    /** Lets other users open what they know by name in {@code folder} of the directory, which is made if it is not there. */
    void admitOthers(String folder) {
        Path made = directory.resolve(folder);
        try {
            Files.createDirectories(made);
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(made);
            if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
                Files.setPosixFilePermissions(made, permissions);
            }
        } catch (IOException failure) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, made + " cannot be made: " + failure.getMessage(), failure);
        }
    }

    /** Waits until a balancer that was just started listens. */
    static void requireReady(Supervisor supervisor) throws InterruptedException {
        if (!supervisor.awaitReady(START_LIMIT)) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    supervisor.program().name() + " does not start on "
                            + supervisor.program().address() + "; what it said stands above");
        }
    }
}
