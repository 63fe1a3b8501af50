package dev.tutti.cli.command;

import dev.tutti.stream.StreamName;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tutti streams}. */
@Command(
        name = "streams",
        description = "Lists, reads and deletes streams of a running server. tutti publish appends to them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class StreamsCommand {
    private static final String PATH = "/api/server/streams";

    private StreamsCommand() {}

    /** The command of a person at {@code terminal}. */
    static CommandLine at(Terminal terminal) {
        return ServerCommand.group(
                new StreamsCommand(), new ListSome(terminal), new Read(terminal), new Delete(terminal));
    }

    /** {@code tutti streams list}. */
    @Command(
            name = "list",
            description =
                    "Prints the streams that the key may read, in the order of their names, one JSON object per line.",
            mixinStandardHelpOptions = true)
    private static final class ListSome extends ServerCommand {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "PREFIX",
                defaultValue = "",
                description = "The beginning of their names, such as room: or org:7. Default: all streams.")
        private String prefix = "";

        @Option(
                names = "--after",
                paramLabel = "NAME",
                defaultValue = "",
                description = "Only streams after this name.")
        private String after = "";

        @Option(
                names = "--limit",
                paramLabel = "NUMBER",
                defaultValue = "100",
                description = "The most streams to print, 1 to 1000. Default: 100.")
        private int limit;

        ListSome(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            String query = "?limit=" + limit + "&prefix=" + encoded(prefix) + "&after=" + encoded(after);
            client.ask("GET", PATH + query, Optional.empty()).path("streams").forEach(out::println);
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8);
        }
    }

    /** {@code tutti streams read}. */
    @Command(
            name = "read",
            description =
                    "Prints events of a stream, one JSON object per line. A gap stands for events that are no longer"
                            + " kept.",
            mixinStandardHelpOptions = true)
    private static final class Read extends ServerCommand {
        @Parameters(index = "0", paramLabel = "STREAM", description = "The name of the stream, such as room:lobby.")
        private String stream = "";

        @ArgGroup
        private Where where = new Where();

        @Option(
                names = "--limit",
                paramLabel = "NUMBER",
                defaultValue = "100",
                description = "The most events to print, 1 to 1000. Default: 100.")
        private int limit;

        /** From where to read. */
        private static final class Where {
            @Option(names = "--after", paramLabel = "SEQ", description = "Events after this one, the oldest first.")
            private @Nullable Long after;

            @Option(names = "--before", paramLabel = "SEQ", description = "Events before this one, the newest first.")
            private @Nullable Long before;
        }

        Read(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            String from = where.before != null
                    ? "before=" + where.before
                    : "after=" + (where.after == null ? 0 : where.after);
            JsonNode answer = client.ask(
                    "GET", "/api/streams/" + new StreamName(stream) + "?" + from + "&limit=" + limit, Optional.empty());
            if (answer.has("gap")) {
                out.println(answer);
            }
            answer.path("events").forEach(out::println);
        }
    }

    /** {@code tutti streams delete}. */
    @Command(
            name = "delete",
            description = {
                "Deletes all events of a stream permanently, and prints the result.",
                "Later events continue its numbers. Unless the result is complete, repeat the command."
            },
            mixinStandardHelpOptions = true)
    private static final class Delete extends ServerCommand {
        @Parameters(index = "0", paramLabel = "STREAM", description = "The name of the stream, such as room:lobby.")
        private String stream = "";

        Delete(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            out.println(client.ask("DELETE", PATH + "/" + new StreamName(stream), Optional.empty()));
        }
    }
}
