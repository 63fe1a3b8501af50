package dev.tutti.cli.proof.backend;

import dev.tutti.cli.command.Terminal;
import dev.tutti.cli.command.TuttiCommand;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program's commands, as somebody types them who means the server at {@code server}. */
record TypedCommands(URI server) {
    /**
     * How a command ended.
     *
     * @param code its exit code
     * @param out what it printed
     * @param err what it complained of
     */
    record Said(int code, String out, String err) {}

    /** Runs one. */
    Said said(Map<String, String> environment, String... words) {
        return piped(environment, "", words);
    }

    /** Runs one that has {@code input} from another program. */
    Said piped(Map<String, String> environment, String input, String... words) {
        InputStream bytes = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--server", server.toString()));
        int code = TuttiCommand.at(new Terminal(environment, Path.of(""), bytes))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }
}
