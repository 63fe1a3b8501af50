package dev.tutti.cli.command;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tutti users}. */
@Command(
        name = "users",
        description = "Lists the accounts of a running server, and administers them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class UsersCommand {
    private static final String PATH = "/api/server/users";

    private UsersCommand() {}

    /** The command of a person at {@code terminal}. */
    static CommandLine at(Terminal terminal) {
        CommandLine users = ServerCommand.group(new UsersCommand(), new ListSome(terminal));
        ServerCommand.add(users, "show", "Shows one.", new One(terminal, "GET", "", Map.of()));
        ServerCommand.add(
                users,
                "promote",
                "Makes an administrator of one.",
                new One(terminal, "PATCH", "", Map.of("admin", true)));
        ServerCommand.add(
                users, "demote", "Makes one no administrator.", new One(terminal, "PATCH", "", Map.of("admin", false)));
        ServerCommand.add(
                users,
                "disable",
                "Keeps one from logging in, and ends its sessions.",
                new One(terminal, "PATCH", "", Map.of("disabled", true)));
        ServerCommand.add(
                users, "enable", "Lets one log in again.", new One(terminal, "PATCH", "", Map.of("disabled", false)));
        ServerCommand.add(
                users,
                "logout",
                "Ends all sessions of one, and cuts its connections.",
                new One(terminal, "POST", "/logout", Map.of()));
        ServerCommand.add(users, "delete", "Deletes one, for good.", new One(terminal, "DELETE", "", Map.of()));
        return users;
    }

    /** {@code tutti users list}. */
    @Command(
            name = "list",
            description = "Prints accounts in the order of their ids, a line of JSON each.",
            mixinStandardHelpOptions = true)
    private static final class ListSome extends ServerCommand {
        @Option(names = "--after", paramLabel = "ID", defaultValue = "", description = "Those behind this one.")
        private String after = "";

        @Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "100", description = "How many: 1 to 500.")
        private int limit;

        ListSome(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            String behind = after.isEmpty() ? "" : "&after=" + id(after, "account");
            client.ask("GET", PATH + "?limit=" + limit + behind, Optional.empty())
                    .path("users")
                    .forEach(out::println);
        }
    }

    /** A command about one account. */
    @Command(mixinStandardHelpOptions = true)
    private static final class One extends ServerCommand {
        private final String method;
        private final String end;
        private final Map<String, Object> change;

        @Parameters(index = "0", paramLabel = "NAME", description = "What they log in with.")
        private String name = "";

        One(Terminal terminal, String method, String end, Map<String, Object> change) {
            super(terminal);
            this.method = method;
            this.end = end;
            this.change = change;
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            JsonNode found = client.ask(
                    "GET", PATH + "?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8), Optional.empty());
            JsonNode answer = method.equals("GET")
                    ? found
                    : client.ask(
                            method,
                            PATH + "/" + found.path("id").asString() + end,
                            change.isEmpty() ? Optional.empty() : Optional.of(change));
            if (!answer.isEmpty()) {
                out.println(answer);
            }
        }
    }
}
