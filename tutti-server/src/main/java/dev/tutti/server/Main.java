package dev.tutti.server;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.tutti.server.command.Terminal;
import dev.tutti.server.command.TuttiCommand;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** The program. */
public final class Main {
    /** For its jars, the database and the log, before the first client comes. */
    private static final long LEAST_FILES = 200;

    private Main() {}

    /** Does what {@code arguments} say and exits with 0 (fine), 1 (failed) or 2 (a mistake in them or in a setting). */
    public static void main(String[] arguments) {
        // before anything else: whatever cannot open the jar that it is in fails in words of its own
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                && unix.getMaxFileDescriptorCount() < LEAST_FILES) {
            System.err.println("The system allows this process " + unix.getMaxFileDescriptorCount()
                    + " open files; Tutti needs "
                    + LEAST_FILES + ", and one more for each connection. Raise it: ulimit -n 65536 before the start, or"
                    + " LimitNOFILE=65536 in the service's unit");
            System.exit(1);
        }
        Terminal terminal = new Terminal(System.getenv(), Path.of(""));
        System.exit(TuttiCommand.at(terminal).execute(arguments));
    }
}
