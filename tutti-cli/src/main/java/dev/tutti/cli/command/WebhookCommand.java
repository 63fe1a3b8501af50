package dev.tutti.cli.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tutti webhook}. */
@Command(
        name = "webhook",
        description = "Manages webhooks, which post events of streams to other programs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class WebhookCommand {
    private static final String PATH = "/api/server/webhooks";

    private WebhookCommand() {}

    /** The command of a person at {@code terminal}. */
    static CommandLine at(Terminal terminal) {
        CommandLine webhook = ServerCommand.group(new WebhookCommand(), new Create(terminal), new ListAll(terminal));
        ServerCommand.add(
                webhook,
                "show",
                "Prints a webhook, with the number of waiting events and the streams that fail.",
                new One(terminal, "GET", ""));
        ServerCommand.add(
                webhook,
                "pause",
                "Pauses a webhook. Its events wait until it is resumed.",
                new One(terminal, "POST", "/pause"));
        ServerCommand.add(
                webhook,
                "resume",
                "Resumes a webhook that was paused or disabled.",
                new One(terminal, "POST", "/resume"));
        ServerCommand.add(
                webhook, "retry", "Tries all waiting events of a webhook now.", new One(terminal, "POST", "/retry"));
        ServerCommand.add(
                webhook,
                "secret",
                "Makes a new secret, and prints it. The previous secret also signs for one more day.",
                new One(terminal, "POST", "/secret"));
        ServerCommand.add(
                webhook, "delete", "Deletes a webhook, with its waiting events.", new One(terminal, "DELETE", ""));
        return webhook;
    }

    /** {@code tutti webhook create}. */
    @Command(
            name = "create",
            description = "Makes a webhook, and prints its id and its secret. The secret cannot be shown again.",
            mixinStandardHelpOptions = true)
    private static final class Create extends ServerCommand {
        @Parameters(index = "0", paramLabel = "URL", description = "The URL to which events are posted.")
        private String url = "";

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "STREAM",
                description = "The name of a stream, such as room:lobby. A * at the end matches any ending.")
        private List<String> streams = new ArrayList<>();

        @Option(names = "--type", paramLabel = "TYPE", description = "Posts only events of this type; may be repeated.")
        private List<String> types = new ArrayList<>();

        Create(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            JsonNode made =
                    client.ask("POST", PATH, Optional.of(Map.of("url", url, "streams", streams, "types", types)));
            out.println(made.path("webhook").path("id").asString());
            out.println(made.path("secret").asString());
        }
    }

    /** {@code tutti webhook list}. */
    @Command(name = "list", description = "Lists the webhooks that the key allows.", mixinStandardHelpOptions = true)
    private static final class ListAll extends ServerCommand {
        ListAll(Terminal terminal) {
            super(terminal);
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            for (JsonNode webhook : client.ask("GET", PATH, Optional.empty()).path("webhooks")) {
                List<String> streams = new ArrayList<>();
                webhook.path("streams").forEach(each -> streams.add(each.asString()));
                out.printf(
                        Locale.ROOT,
                        "%s  %s  %d waiting  %s  %s%n",
                        webhook.path("id").asString(),
                        webhook.path("state").asString(),
                        webhook.path("waiting").path("events").asLong(),
                        webhook.path("url").asString(),
                        String.join(" ", streams));
            }
        }
    }

    /** A command about one webhook. */
    @Command(mixinStandardHelpOptions = true)
    private static final class One extends ServerCommand {
        private final String method;
        private final String end;

        @Parameters(index = "0", paramLabel = "ID", description = "The id of the webhook, from tutti webhook list.")
        private String id = "";

        One(Terminal terminal, String method, String end) {
            super(terminal);
            this.method = method;
            this.end = end;
        }

        @Override
        void ask(ServerClient client, PrintWriter out) throws InterruptedException {
            JsonNode answer = client.ask(method, PATH + "/" + id(id, "webhook") + end, Optional.empty());
            if (end.equals("/secret")) {
                out.println(answer.path("secret").asString());
            } else if (!answer.isEmpty()) {
                out.println(answer.toPrettyString());
            }
        }
    }
}
