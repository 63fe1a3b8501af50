package dev.tutti.cli.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A program that is to be kept running.
 *
 * @param name what people call it
 * @param command it and its arguments
 * @param environment variables in addition to this process's own
 * @param directory its working directory
 * @param address where it listens
 * @param health where it can be asked how it is; the same where that is the same
 * @param leaving the signal that asks it to finish what it has and leave
 * @param firstStart how long it may take until it is ready for the first time; later it has {@link Supervisor#START_LIMIT}
 * @param ready whether it can be used; asked again and again on a virtual thread, and may block for a few seconds
 */
record SupervisedProgram(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Address address,
        Address health,
        Signal leaving,
        Duration firstStart,
        BooleanSupplier ready) {
    SupervisedProgram {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A program that listens at one address, and whose first start is like any other. */
    SupervisedProgram(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            Address address,
            Signal leaving,
            BooleanSupplier ready) {
        this(name, command, environment, directory, address, address, leaving, Supervisor.START_LIMIT, ready);
    }

    /** Starts it, detached from the terminal; what it writes goes where this process writes. */
    Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Programs.detached(command))
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return builder.start();
    }
}
