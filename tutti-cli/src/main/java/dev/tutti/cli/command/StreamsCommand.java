package dev.tutti.cli.command;

import dev.tutti.stream.StreamName;
import java.io.PrintWriter;
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
        description = "Reads streams of a running server; tutti publish appends to them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class StreamsCommand {
    private StreamsCommand() {}

    /** The command of a person at {@code terminal}. */
    static CommandLine at(Terminal terminal) {
        return ServerCommand.group(new StreamsCommand(), new Read(terminal));
    }

    /** {@code tutti streams read}. */
    @Command(
            name = "read",
            description = "Prints events of a stream, a line of JSON each. Events that are no longer kept are a gap.",
            mixinStandardHelpOptions = true)
    private static final class Read extends ServerCommand {
        @Parameters(index = "0", paramLabel = "STREAM", description = "Such as room:lobby.")
        private String stream = "";

        @ArgGroup
        private Where where = new Where();

        @Option(names = "--limit", paramLabel = "NUMBER", defaultValue = "100", description = "How many: 1 to 1000.")
        private int limit;

        /** From where to read. */
        private static final class Where {
            @Option(names = "--after", paramLabel = "SEQ", description = "The oldest first, behind this one.")
            private @Nullable Long after;

            @Option(names = "--before", paramLabel = "SEQ", description = "The newest first, before this one.")
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
}
