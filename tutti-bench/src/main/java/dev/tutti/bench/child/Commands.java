package dev.tutti.bench.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The child's side of a {@link Child}: answers each line of the input with one line, until the input ends, which is also
 * what happens when the parent dies. So no child is left behind.
 */
public final class Commands {
    static final String ANSWER = "> ok ";
    static final String FAILURE = "> failed ";

    /** The work of a command. */
    @FunctionalInterface
    public interface Command {
        /** Does it; {@code arguments} are the words behind the command's name. */
        Answer run(List<String> arguments) throws Exception;
    }

    private Commands() {}

    /** Tells the parent {@code hello}, then obeys, on this thread, until the input ends. */
    public static void serve(Answer hello, Map<String, Command> commands) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        answers.println(ANSWER + hello);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answers.println(answer(Arrays.asList(line.split(" ", -1)), commands));
        }
    }

    private static String answer(List<String> words, Map<String, Command> commands) {
        Command command = commands.get(words.getFirst());
        if (command == null) {
            return FAILURE + "no command '" + words.getFirst() + "'; there are " + commands.keySet();
        }
        try {
            return ANSWER + command.run(words.subList(1, words.size()));
        } catch (Exception failure) {
            return FAILURE + failure.toString().replace('\n', ' ');
        }
    }
}
