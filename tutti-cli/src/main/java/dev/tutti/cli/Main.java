package dev.tutti.cli;

import dev.tutti.cli.command.Terminal;
import dev.tutti.cli.command.TuttiCommand;
import java.nio.file.Path;

/** The entry point of the {@code tutti} program. */
public final class Main {
    private Main() {}

    /** Does what {@code arguments} say and exits with 0 (fine), 1 (failed) or 2 (a mistake in them or in a setting). */
    public static void main(String[] arguments) {
        Terminal terminal = new Terminal(System.getenv(), Path.of(""));
        System.exit(TuttiCommand.at(terminal).execute(arguments));
    }
}
