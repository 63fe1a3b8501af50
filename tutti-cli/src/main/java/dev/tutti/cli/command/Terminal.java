package dev.tutti.cli.command;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * The place where a command was typed.
 *
 * @param environment the environment variables
 * @param directory the working directory
 * @param input what is typed, or piped in; no command closes it
 */
public record Terminal(Map<String, String> environment, Path directory, InputStream input) {
    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** With the standard input of this process. */
    public Terminal(Map<String, String> environment, Path directory) {
        this(environment, directory, System.in);
    }
}
