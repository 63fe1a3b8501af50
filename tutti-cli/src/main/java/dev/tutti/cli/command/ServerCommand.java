package dev.tutti.cli.command;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.DatabaseSettings;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.Setting;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The commands that ask a running server for something, with a key. */
abstract class ServerCommand extends ConfiguredCommand {
    /** The settings by which the server and its secret are found. */
    static final List<Setting<?>> NEEDED = List.of(ServerSettings.PORT, DatabaseSettings.DATA_DIR);

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "The URL of the server. Default: this machine and PORT; with TUTTI_TLS_CERT, TUTTI_PUBLIC_URL.")
    private @Nullable URI server;

    ServerCommand(Terminal terminal) {
        super(terminal);
    }

    /** Asks {@code client} and tells {@code out} what it says. */
    abstract void ask(ServerClient client, PrintWriter out) throws InterruptedException;

    @Override
    int run(Configuration configuration) throws InterruptedException {
        try (ServerClient client =
                ServerClient.of(configuration, terminal().environment(), Optional.ofNullable(server))) {
            ask(client, out());
            out().flush();
            return CommandLine.ExitCode.OK;
        }
    }

    /** {@code parent} with the commands {@code parts} below it. */
    static CommandLine group(Object parent, ServerCommand... parts) {
        CommandLine group = new CommandLine(parent);
        for (ServerCommand part : parts) {
            group.addSubcommand(SettingOptions.added(new CommandLine(part), NEEDED));
        }
        return group;
    }

    /** Adds {@code part} to {@code group} under {@code name}. */
    static void add(CommandLine group, String name, String description, ServerCommand part) {
        CommandLine command = SettingOptions.added(new CommandLine(part), NEEDED);
        command.getCommandSpec().usageMessage().description(description);
        group.addSubcommand(name, command);
    }

    /** {@code id}, if it may be that of {@code what}. */
    static String id(String id, String what) {
        if (!id.matches("[a-z0-9]{1,24}")) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "'" + id + "' is not the id of a " + what);
        }
        return id;
    }

    /** {@link PublishCommand}, {@code tutti invite} and {@code tutti key}. */
    static List<CommandLine> all(Terminal terminal) {
        return List.of(
                SettingOptions.added(new CommandLine(new PublishCommand(terminal)), NEEDED),
                SettingOptions.added(new CommandLine(new Invite(terminal)), NEEDED),
                group(new Key(), new CreateKey(terminal), new ListKeys(terminal), new RevokeKey(terminal)));
    }

    /** {@code tutti key}. */
    @Command(
            name = "key",
            description = "Makes, lists and revokes the keys with which programs call the server.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND")
    private static final class Key {}

    /** {@code tutti key create}. */
    @Command(
            name = "create",
            description = {
                "Makes a key, and prints it. The server does not store the key itself, so it cannot be shown again.",
                "Capabilities are publish:STREAM and read:STREAM (for feeds publish:KEY and read:KEY), delete:STREAM,"
                        + " emit:/ROOM, disconnect:/ROOM, presence:/ROOM, presence:PLACE, files:USER, users, jobs:KIND,"
                        + " webhooks:STREAM and keys. A * at the end matches any ending."
            },
            mixinStandardHelpOptions = true)
    private static final class CreateKey extends ServerCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "A name for the key, such as its purpose.")
        private String name = "";

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "CAPABILITY",
                description = "A capability, such as publish:room:*")
        private List<String> capabilities = new ArrayList<>();

        CreateKey(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            JsonNode made = client.ask(
                    "POST", "/api/server/keys", Optional.of(Map.of("name", name, "capabilities", capabilities)));
            out.println(made.path("token").asString());
        }
    }

    /** {@code tutti key list}. */
    @Command(name = "list", description = "Lists the keys that are valid.", mixinStandardHelpOptions = true)
    private static final class ListKeys extends ServerCommand {
        ListKeys(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            for (JsonNode key :
                    client.ask("GET", "/api/server/keys", Optional.empty()).path("keys")) {
                List<String> capabilities = new ArrayList<>();
                key.path("capabilities").forEach(each -> capabilities.add(each.asString()));
                out.printf(
                        "%s  %s  used %s  %s%n",
                        key.path("id").asString(),
                        key.path("name").asString(),
                        key.path("usedAt").asString("never"),
                        String.join(" ", capabilities));
            }
        }
    }

    /** {@code tutti key revoke}. */
    @Command(
            name = "revoke",
            description =
                    "Revokes a key. Within a second no instance accepts it any more, and its connections are closed.",
            mixinStandardHelpOptions = true)
    private static final class RevokeKey extends ServerCommand {
        @Parameters(index = "0", paramLabel = "ID", description = "The id of the key, from tutti key list.")
        private String id = "";

        RevokeKey(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            client.ask("DELETE", "/api/server/keys/" + id(id, "key"), Optional.empty());
        }
    }

    /** {@code tutti invite}. */
    @Command(
            name = "invite",
            description =
                    "Makes an invitation to register, and prints it. The server stores only a hash, so it cannot be"
                            + " shown again.",
            mixinStandardHelpOptions = true)
    private static final class Invite extends ServerCommand {
        @Option(
                names = "--uses",
                paramLabel = "NUMBER",
                defaultValue = "1",
                description = "The number of accounts that may be made with it. Default: 1.")
        private int uses;

        @Option(
                names = "--hours",
                paramLabel = "NUMBER",
                defaultValue = "168",
                description = "The number of hours for which it is valid. Default: 168, a week.")
        private int hours;

        Invite(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            JsonNode made =
                    client.ask("POST", "/api/server/invitations", Optional.of(Map.of("uses", uses, "hours", hours)));
            out.println(made.path("token").asString());
        }
    }
}
