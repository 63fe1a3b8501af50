package dev.tutti.cli.command;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.StreamName;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/** {@code tutti publish}. */
@Command(
        name = "publish",
        description = {
            "Appends an event to a stream and prints its seq.",
            "With --batch: appends events of any streams, in their order, and prints how many."
        },
        mixinStandardHelpOptions = true)
final class PublishCommand extends ServerCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "STREAM",
            defaultValue = "",
            description = "Such as room:lobby.")
    private String stream = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TYPE",
            defaultValue = "",
            description = "What kind of event it is.")
    private String type = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "DATA", defaultValue = "", description = "JSON.")
    private String data = "";

    @Option(names = "--key", paramLabel = "KEY", description = "Its own id, so that it may be sent again.")
    private @Nullable String key;

    @Option(
            names = "--batch",
            description = {
                "Events from standard input, an object of JSON in each line, with stream, type, data and maybe key.",
                "Up to 1,000 are sent in a request. Ends at the first that is refused, and names its line."
            })
    private boolean batch;

    PublishCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (batch && (!stream.isEmpty() || key != null)) {
            throw new CommandLine.ParameterException(
                    commandLine(), "With --batch the lines say STREAM, TYPE, DATA and KEY, and nothing else does");
        }
        if (!batch && data.isEmpty()) {
            throw new CommandLine.ParameterException(
                    commandLine(), "Missing: STREAM, TYPE and DATA of one event, or --batch");
        }
        return super.call();
    }

    @Override
    void ask(ServerClient client, PrintWriter out) throws InterruptedException {
        if (batch) {
            publishLines(client, out);
            return;
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.put("data", new RawValue(data)); // as it is: the server says what is wrong with it
        if (key != null) {
            event.put("key", key);
        }
        JsonNode stored = client.ask("POST", "/api/streams/" + new StreamName(stream), Optional.of(event));
        out.println(stored.path("seq").asLong());
    }

    private void publishLines(ServerClient client, PrintWriter out) throws InterruptedException {
        EventLines lines = new EventLines(terminal().input(), client);
        try {
            lines.publish();
        } catch (IOException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE, "standard input cannot be read: " + failure.getMessage(), failure);
        } finally {
            out.printf(Locale.ROOT, "{\"published\":%d,\"repeated\":%d}%n", lines.published(), lines.repeated());
            out.flush();
        }
    }
}
