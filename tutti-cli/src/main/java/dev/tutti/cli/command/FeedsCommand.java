package dev.tutti.cli.command;

import dev.tutti.feed.FeedKey;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.util.RawValue;

/** {@code tutti feeds}. */
@Command(
        name = "feeds",
        description = "Reads feeds of a running server, and publishes new versions.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class FeedsCommand {
    private FeedsCommand() {}

    /** The command of a person at {@code terminal}. */
    static CommandLine at(Terminal terminal) {
        return ServerCommand.group(new FeedsCommand(), new Read(terminal), new Publish(terminal));
    }

    /** A command about one feed, which prints the answer, a line of JSON. */
    private abstract static class OfFeed extends ServerCommand {
        @Parameters(index = "0", paramLabel = "KEY", description = "The key of the feed, such as score:7.")
        private String key = "";

        OfFeed(Terminal terminal) {
            super(terminal);
        }

        void ask(String method, Optional<Object> body, ServerClient client, PrintWriter out)
                throws InterruptedException {
            out.println(client.ask(method, "/api/feeds/" + new FeedKey(key), body));
        }
    }

    /** {@code tutti feeds read}. */
    @Command(name = "read", description = "Prints the latest version of a feed.", mixinStandardHelpOptions = true)
    private static final class Read extends OfFeed {
        Read(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            ask("GET", Optional.empty(), client, out);
        }
    }

    /** {@code tutti feeds publish}. */
    @Command(
            name = "publish",
            description = "Publishes a version of a feed. Prints whether it was accepted, and the stored version.",
            mixinStandardHelpOptions = true)
    private static final class Publish extends OfFeed {
        @Parameters(
                index = "1",
                paramLabel = "VERSION",
                description = "The version, 1 or more, and larger than the stored one.")
        private long version;

        @Parameters(
                index = "2",
                arity = "0..1",
                paramLabel = "VALUE",
                description = "The value as JSON. Without it, subscribers get only the version.")
        private @Nullable String value;

        Publish(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            Map<String, Object> state = new LinkedHashMap<>(Map.of("version", version));
            if (value != null) {
                state.put("value", new RawValue(value)); // as it is: the server says what is wrong with it
            }
            ask("PUT", Optional.of(state), client, out);
        }
    }
}
