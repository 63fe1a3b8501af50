package dev.tutti.cli.command;

import dev.tutti.server.Application;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.Spelling;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code tutti}: the command that the others belong to. */
@Command(
        name = "tutti",
        description = "A realtime application server in which no acknowledged message is lost.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 success, 1 failure, 2 a mistake in the settings or in the command line."})
public final class TuttiCommand {
    private TuttiCommand() {}

    /** The command line of a person at {@code terminal}; {@code execute} returns the exit code. */
    public static CommandLine at(Terminal terminal) {
        return at(terminal, Application.NONE);
    }

    /** The same with {@code application} in each server that it runs. */
    public static CommandLine at(Terminal terminal, Application application) {
        CommandLine tutti = new CommandLine(new TuttiCommand());
        tutti.addSubcommand(SettingOptions.added(new CommandLine(new RunCommand(terminal, application))));
        tutti.addSubcommand(cluster(terminal));
        tutti.addSubcommand(SettingOptions.added(new CommandLine(new ConfigCommand(terminal))));
        ServerCommand.all(terminal).forEach(tutti::addSubcommand);
        tutti.addSubcommand(StreamsCommand.at(terminal));
        tutti.addSubcommand(FeedsCommand.at(terminal));
        tutti.addSubcommand(SocketsCommand.at(terminal));
        tutti.addSubcommand(UsersCommand.at(terminal));
        tutti.addSubcommand(WebhookCommand.at(terminal));
        tutti.addSubcommand(new CommandLine(new VersionCommand()));
        tutti.addSubcommand(new CommandLine(new RehearseCommand()));
        tutti.setParameterExceptionHandler(TuttiCommand::misunderstood);
        return tutti;
    }

    private static CommandLine cluster(Terminal terminal) {
        CommandLine cluster = SettingOptions.added(new CommandLine(new ClusterCommand(terminal)))
                .setCaseInsensitiveEnumValuesAllowed(true);
        ClusterControlCommand.all(terminal)
                .forEach(command ->
                        cluster.addSubcommand(SettingOptions.added(command, List.of(DatabaseSettings.DATA_DIR))));
        return cluster;
    }

    /** Says what is wrong in one line, and does not drown it in the whole usage text. */
    private static int misunderstood(CommandLine.ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(mistake.getMessage());
        if (mistake instanceof CommandLine.UnmatchedArgumentException unknown && unknown.isUnknownOption()) {
            String flag = unknown.getUnmatched().getFirst().replaceFirst("=.*", "");
            err.println("Did you mean "
                    + Spelling.nearest(
                            flag, command.getCommandSpec().optionsMap().keySet()) + "?");
        }
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
