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
        description = "Lists the accounts of a running server and who is connected, and administers accounts.",
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

    /** {@code tutti users online}. */
    @Command(
            name = "online",
            description = {
                "Prints who is connected with Socket.IO, at all instances: a line of JSON with ids, and how many there are.",
                "By accounts and by tokens of other issuers. One of ID, --room and --place may be said."
            },
            mixinStandardHelpOptions = true)
    private static final class Online extends ServerCommand {
        @Parameters(
                index = "0..*",
                arity = "0..*",
                paramLabel = "ID",
                description = "Those of these people, of up to 200. All unless given.")
        private List<String> ids = new ArrayList<>();

        @Option(names = "--room", paramLabel = "ROOM", description = "Those in this room of Socket.IO.")
        private @Nullable String room;

        @Option(names = "--namespace", paramLabel = "NAME", description = "Of the room; / unless given.")
        private @Nullable String namespace;

        @Option(
                names = "--place",
                paramLabel = "PLACE",
                description = "Those whom the application has put at this place.")
        private @Nullable String place;

        @Option(names = "--after", paramLabel = "ID", description = "Those behind this one.")
        private @Nullable String after;

        @Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "100", description = "How many: 1 to 1000.")
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
        @Parameters(index = "0", paramLabel = "NAME", description = "What they log in with.")
        String name = "";

        @Option(
                names = "--hours",
                paramLabel = "NUMBER",
                defaultValue = "24",
                description = "For how long the link is good: 1 to 168.")
        int hours;

        Linking(Terminal terminal) {
            super(terminal);
        }
    }

    /** {@code tutti users create}. */
    @Command(
            name = "create",
            description = {
                "Makes an account and prints it, with a link with which its owner sets the password.",
                "The link is not kept, and cannot be shown again."
            },
            mixinStandardHelpOptions = true)
    private static final class Create extends Linking {
        @Option(
                names = "--display-name",
                paramLabel = "NAME",
                defaultValue = "",
                description = "What others see. Default: the name.")
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
                "Prints a link with which one sets another password. The password is what it was until then.",
                "The link is not kept, and makes one from before void."
            },
            mixinStandardHelpOptions = true)
    private static final class Reset extends Linking {
        @Option(
                names = "--compromised",
                description = "Somebody else got into it: password, sessions and e-mail address are void at once.")
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
