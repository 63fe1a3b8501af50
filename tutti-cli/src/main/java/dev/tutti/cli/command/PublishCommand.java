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
            "Appends an event to a stream, and prints its seq.",
            "With --batch: appends events to any streams, in the order of the input, and prints their number."
        },
        mixinStandardHelpOptions = true)
final class PublishCommand extends ServerCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "STREAM",
            defaultValue = "",
            description = "The name of the stream, such as room:lobby.")
    private String stream = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TYPE",
            defaultValue = "",
            description = "The type of the event.")
    private String type = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "DATA",
            defaultValue = "",
            description = "The data of the event, as JSON.")
    private String data = "";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "An id of the event. If it is sent again with the same id, it is not stored again.")
    private @Nullable String key;

    @Option(
            names = "--batch",
            description = {
                "Reads events from standard input. Each line is a JSON object with stream, type, data and optionally"
                        + " key.",
                "A request has up to 1,000 events. The command ends at the first refused event, and names its line."
            })
    private boolean batch;

    PublishCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (batch && (!stream.isEmpty() || key != null)) {
            throw new CommandLine.ParameterException(
                    commandLine(), "With --batch, STREAM, TYPE, DATA and KEY are in the lines of the input only");
        }
        if (!batch && data.isEmpty()) {
            throw new CommandLine.ParameterException(commandLine(), "Give all of STREAM, TYPE and DATA, or --batch");
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
