package dev.tutti.cli.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.util.RawValue;

/** {@code tutti sockets}. */
@Command(
        name = "sockets",
        description = {
            "Emits events to Socket.IO clients of all instances, moves clients between rooms, and disconnects them.",
            "The room user:ID contains all sockets of a person."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class SocketsCommand {
    private SocketsCommand() {}

    /** The command of a person at {@code terminal}. */
    static CommandLine at(Terminal terminal) {
        CommandLine sockets = ServerCommand.group(new SocketsCommand(), new Emit(terminal), new Disconnect(terminal));
        ServerCommand.add(
                sockets, "join", "Puts the sockets of some rooms into another room.", new Move(terminal, "rooms/join"));
        ServerCommand.add(
                sockets, "leave", "Takes the sockets of some rooms out of a room.", new Move(terminal, "rooms/leave"));
        return sockets;
    }

    /** A command about the sockets of a namespace. */
    private abstract static class OfNamespace extends ServerCommand {
        @Option(
                names = "--namespace",
                paramLabel = "NAME",
                defaultValue = "/",
                description = "The namespace. Default: /.")
        private String namespace = "/";

        OfNamespace(Terminal terminal) {
            super(terminal);
        }

        void post(ServerClient client, String path, Map<String, Object> wish) throws InterruptedException {
            Map<String, Object> body = new LinkedHashMap<>(wish);
            body.put("namespace", namespace);
            client.ask("POST", "/api/server/" + path, Optional.of(body));
        }
    }

    /** {@code tutti sockets emit}. */
    @Command(name = "emit", description = "Emits an event to sockets.", mixinStandardHelpOptions = true)
    private static final class Emit extends OfNamespace {
        @Parameters(index = "0", paramLabel = "EVENT", description = "The name of the event.")
        private String event = "";

        @Parameters(
                index = "1..*",
                arity = "0..*",
                paramLabel = "DATA",
                description = "The arguments of the event, each as JSON.")
        private List<String> data = new ArrayList<>();

        @Option(
                names = "--to",
                paramLabel = "ROOM",
                description = "The room of the receivers; may be repeated. Default: all sockets of the namespace.")
        private List<String> rooms = new ArrayList<>();

        @Option(names = "--except", paramLabel = "ROOM", description = "A room to leave out; may be repeated.")
        private List<String> except = new ArrayList<>();

        Emit(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            List<RawValue> arguments = data.stream().map(RawValue::new).toList(); // the server says what is wrong
            Map<String, Object> wish = new LinkedHashMap<>(Map.of("event", event, "data", arguments, "except", except));
            if (!rooms.isEmpty()) {
                wish.put("to", rooms);
            }
            post(client, "emit", wish);
        }
    }

    /** A command about the sockets that are in some rooms. */
    private abstract static class InRooms extends OfNamespace {
        @Option(
                names = "--to",
                required = true,
                paramLabel = "ROOM",
                description = "The room of the sockets; may be repeated.")
        private List<String> rooms = new ArrayList<>();

        InRooms(Terminal terminal) {
            super(terminal);
        }

        List<String> rooms() {
            return rooms;
        }
    }

    /** {@code tutti sockets join} and {@code tutti sockets leave}. */
    @Command(mixinStandardHelpOptions = true)
    private static final class Move extends InRooms {
        private final String path;

        @Parameters(index = "0", paramLabel = "ROOM", description = "The room that they join or leave.")
        private String room = "";

        Move(Terminal terminal, String path) {
            super(terminal);
            this.path = path;
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            post(client, path, Map.of("to", rooms(), "room", room));
        }
    }

    /** {@code tutti sockets disconnect}. */
    @Command(
            name = "disconnect",
            description = "Disconnects sockets. With --to user:ID also the connections of that person over /ws and"
                    + " server-sent events.",
            mixinStandardHelpOptions = true)
    private static final class Disconnect extends InRooms {
        Disconnect(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            post(client, "disconnect", Map.of("to", rooms()));
        }
    }
}
