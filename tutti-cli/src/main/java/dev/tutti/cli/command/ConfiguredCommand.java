package dev.tutti.cli.command;

import dev.tutti.TuttiException;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.ConfigurationError;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that goes by the settings; it does not begin with wrong ones, and says all that is wrong with them. */
abstract class ConfiguredCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ConfiguredCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Does it, and answers the exit code; what is thrown as {@link TuttiException} is told. */
    abstract int run(Configuration configuration) throws InterruptedException;

    @Override
    public Integer call() throws InterruptedException {
        return switch (configuration()) {
            case Configuration.Valid(Configuration configuration) -> answer(configuration);
            case Configuration.Invalid invalid -> refused(invalid);
        };
    }

    /** The configuration that the flags, the environment and the file say now. */
    final Configuration.Outcome configuration() {
        return SettingOptions.configuration(spec, terminal.environment(), terminal.directory());
    }

    private int answer(Configuration configuration) throws InterruptedException {
        try {
            return run(configuration);
        } catch (TuttiException failure) {
            err().println(failure.getMessage());
            err().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private int refused(Configuration.Invalid invalid) {
        int count = invalid.mistakes().size();
        err().println("The configuration has " + (count == 1 ? "a mistake:" : count + " mistakes:"));
        for (ConfigurationError mistake : invalid.mistakes()) {
            err().println("  " + mistake.sentence());
        }
        err().flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** Where it was typed. */
    final Terminal terminal() {
        return terminal;
    }

    /** How it was typed. */
    final CommandLine commandLine() {
        return spec.commandLine();
    }

    final PrintWriter out() {
        return commandLine().getOut();
    }

    final PrintWriter err() {
        return commandLine().getErr();
    }
}
