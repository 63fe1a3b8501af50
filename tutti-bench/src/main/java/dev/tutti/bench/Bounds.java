package dev.tutti.bench;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What options may be. */
public final class Bounds {
    private Bounds() {}

    /** Ends the command with a message if {@code value} is not within {@code least} and {@code most}. */
    public static void check(CommandSpec command, String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    command.commandLine(), option + " is " + value + "; allowed are " + least + " to " + most);
        }
    }
}
