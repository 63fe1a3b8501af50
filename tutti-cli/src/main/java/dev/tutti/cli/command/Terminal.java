package dev.tutti.cli.command;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command was typed.
 *
 * @param environment the environment variables
 * @param directory the working directory
 */
public record Terminal(Map<String, String> environment, Path directory) {
    public Terminal {
        environment = Map.copyOf(environment);
    }
}
