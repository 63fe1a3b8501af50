package dev.tutti.cli.command;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

/** {@code tutti users}. */
@Command(
        name = "users",
        description = "Lists the accounts of a running server and the connected people, and manages accounts.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class UsersCommand {
    private static final String PATH = "/api/server/users";

    private UsersCommand() {}

    /** The command of a person at {@code terminal}. */
    static CommandLine at(Terminal terminal) {
        CommandLine users = ServerCommand.group(
                new UsersCommand(),
                new ListSome(terminal),
                new Online(terminal),
                new Create(terminal),
                new Reset(terminal));
        ServerCommand.add(users, "show", "Prints one account.", new One(terminal, "GET", "", Map.of()));
        ServerCommand.add(
                users,
                "promote",
                "Makes the person an administrator.",
                new One(terminal, "PATCH", "", Map.of("admin", true)));
        ServerCommand.add(
                users,
                "demote",
                "Takes the rights of an administrator from the person.",
                new One(terminal, "PATCH", "", Map.of("admin", false)));
        ServerCommand.add(
                users,
                "disable",
                "Disables an account: nobody can log in to it, and its sessions end.",
                new One(terminal, "PATCH", "", Map.of("disabled", true)));
        ServerCommand.add(
                users,
                "enable",
                "Enables a disabled account.",
                new One(terminal, "PATCH", "", Map.of("disabled", false)));
        ServerCommand.add(
                users,
                "logout",
                "Ends all sessions of an account, and closes its connections.",
                new One(terminal, "POST", "/logout", Map.of()));
        ServerCommand.add(
                users, "delete", "Deletes an account permanently.", new One(terminal, "DELETE", "", Map.of()));
        return users;
    }

    /** {@code tutti users list}. */
    @Command(
            name = "list",
            description = "Prints accounts in the order of their ids, one JSON object per line.",
            mixinStandardHelpOptions = true)
    private static final class ListSome extends ServerCommand {
        @Option(names = "--after", paramLabel = "ID", defaultValue = "", description = "Only accounts after this id.")
        private String after = "";

        @Option(
                names = "--limit",
                paramLabel = "NUMBER",
                defaultValue = "100",
                description = "The most accounts to print, 1 to 500. Default: 100.")
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

    /** {@code tutti users online}. */
    @Command(
            name = "online",
            description = {
                "Prints the people who are connected over Socket.IO, at all instances: their ids and their number, as"
                        + " JSON.",
                "They have accounts or tokens of other issuers. Give at most one of ID, --room and --place."
            },
            mixinStandardHelpOptions = true)
    private static final class Online extends ServerCommand {
        @Parameters(
                index = "0..*",
                arity = "0..*",
                paramLabel = "ID",
                description = "Only people with one of these ids, at most 200. Default: all people.")
        private List<String> ids = new ArrayList<>();

        @Option(names = "--room", paramLabel = "ROOM", description = "Only people in this room of Socket.IO.")
        private @Nullable String room;

        @Option(names = "--namespace", paramLabel = "NAME", description = "The namespace of the room. Default: /.")
        private @Nullable String namespace;

        @Option(
                names = "--place",
                paramLabel = "PLACE",
                description = "Only people whom the application has put at this place.")
        private @Nullable String place;

        @Option(names = "--after", paramLabel = "ID", description = "Only people after this id.")
        private @Nullable String after;

        @Option(
                names = "--limit",
                paramLabel = "NUMBER",
                defaultValue = "100",
                description = "The most ids to print, 1 to 1000. Default: 100.")
        private int limit;

        Online(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            String users = ids.isEmpty() ? null : String.join(",", ids);
            String query = "?limit=" + limit + asked("users", users) + asked("room", room)
                    + asked("namespace", namespace) + asked("place", place) + asked("after", after);
            out.println(client.ask("GET", "/api/server/presence" + query, Optional.empty()));
        }

        private static String asked(String name, @Nullable String value) {
            return value == null ? "" : "&" + name + "=" + encoded(value);
        }
    }

    /** A command about one person that prints a link with which they set a password. */
    private abstract static class Linking extends ServerCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "The login name of the account.")
        String name = "";

        @Option(
                names = "--hours",
                paramLabel = "NUMBER",
                defaultValue = "24",
                description = "The number of hours for which the link is valid, 1 to 168. Default: 24.")
        int hours;

        Linking(Terminal terminal) {
            super(terminal);
        }
    }

    /** {@code tutti users create}. */
    @Command(
            name = "create",
            description = {
                "Makes an account, and prints it with a link by which its owner sets the password.",
                "The server does not store the link, so it cannot be shown again."
            },
            mixinStandardHelpOptions = true)
    private static final class Create extends Linking {
        @Option(
                names = "--display-name",
                paramLabel = "NAME",
                defaultValue = "",
                description = "The name that others see. Default: the login name.")
        private String displayName = "";

        Create(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            String shown = displayName.isEmpty() ? name : displayName;
            out.println(
                    client.ask("POST", PATH, Optional.of(Map.of("name", name, "displayName", shown, "hours", hours))));
        }
    }

    /** {@code tutti users reset}. */
    @Command(
            name = "reset",
            description = {
                "Prints a link by which the owner of an account sets a new password. Until then the old one is valid.",
                "The server does not store the link, so it cannot be shown again. Earlier links become invalid."
            },
            mixinStandardHelpOptions = true)
    private static final class Reset extends Linking {
        @Option(
                names = "--compromised",
                description = "For a stolen account: password, sessions and e-mail address become invalid at once.")
        private boolean compromised;

        Reset(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            String id = found(client, name).path("id").asString();
            Map<String, Object> wish = Map.of("hours", hours, "compromised", compromised);
            out.println(client.ask("POST", PATH + "/" + id + "/reset", Optional.of(wish)));
        }
    }

    private static JsonNode found(ServerClient client, String name) throws InterruptedException {
        return client.ask("GET", PATH + "?name=" + encoded(name), Optional.empty());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A command about one account. */
    @Command(mixinStandardHelpOptions = true)
    private static final class One extends ServerCommand {
        private final String method;
        private final String end;
        private final Map<String, Object> change;

        @Parameters(index = "0", paramLabel = "NAME", description = "The login name of the account.")
        private String name = "";

        One(Terminal terminal, String method, String end, Map<String, Object> change) {
            super(terminal);
            this.method = method;
            this.end = end;
            this.change = change;
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            JsonNode found = found(client, name);
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
