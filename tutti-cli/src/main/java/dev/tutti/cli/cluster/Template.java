package dev.tutti.cli.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A balancer's configuration as {@code deploy/} ships it. Wherever it has the marks {@code # servers:} and {@code # end of
 * servers}, the first line between them is how a server is written, and its example addresses are what is replaced: so the
 * file is one that people can use as it is.
 *
 * @param lines the file's
 */
record Template(List<String> lines) {
    private static final String BEGIN = "# servers:";
    private static final String END = "# end of servers";
    private static final String LISTEN = "127.0.0.1:3000";
    private static final String SERVER = "127.0.0.1:3001";
    private static final String NAME = "worker-1";

    /** The resource {@code name} beside this class. */
    static Template read(String name) {
        try (InputStream resource = Template.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new Template(new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The configuration for a balancer at {@code listen} before {@code servers}. */
    String filled(Address listen, List<Upstream> servers) {
        return filled(listen, servers, (line, _) -> line);
    }

    /** The same, with each server's line as {@code mend} makes it. */
    String filled(Address listen, List<Upstream> servers, BiFunction<String, Upstream, String> mend) {
        List<String> filled = new ArrayList<>();
        int written = 0;
        for (int begin = mark(BEGIN, 0); begin < lines.size(); begin = mark(BEGIN, written)) {
            filled.addAll(lines.subList(written, begin + 1));
            String pattern = lines.get(begin + 1);
            for (Upstream server : servers) {
                String line =
                        pattern.replace(SERVER, server.address().toString()).replace(NAME, server.name());
                filled.add(mend.apply(line, server));
            }
            written = mark(END, begin);
        }
        filled.addAll(lines.subList(written, lines.size()));
        filled.replaceAll(line -> line.startsWith("#") ? line : line.replace(LISTEN, listen.toString()));
        return String.join("\n", filled) + "\n";
    }

    /** The next line from {@code from} on that begins with {@code text}; behind the last one if there is none. */
    private int mark(String text, int from) {
        int at = from;
        while (at < lines.size() && !lines.get(at).strip().startsWith(text)) {
            at++;
        }
        return at;
    }
}
