package dev.tutti.cli.command;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.Mistake;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Tells people what is wrong in their configuration. */
final class Mistakes {
    private Mistakes() {}

    /** Prints all of them; returns the exit code. */
    static int reported(CommandSpec spec, Configuration.Invalid invalid) {
        PrintWriter err = spec.commandLine().getErr();
        int count = invalid.mistakes().size();
        err.println("The configuration has " + (count == 1 ? "a mistake:" : count + " mistakes:"));
        for (Mistake mistake : invalid.mistakes()) {
            err.println("  " + mistake.sentence());
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
