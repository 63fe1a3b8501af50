package dev.tutti.server.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A balancer's configuration as {@code deploy/} ships it. The first line between the marks {@code # servers:} and {@code
 * # end of servers} is how a server is written, and its example addresses are what is replaced: so the file is one that
 * people can use as it is.
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
        int begin = mark(BEGIN);
        int end = mark(END);
        List<String> filled = new ArrayList<>(lines.subList(0, begin + 1));
        String pattern = lines.get(begin + 1);
        for (Upstream server : servers) {
            filled.add(pattern.replace(SERVER, server.address().toString()).replace(NAME, server.name()));
        }
        filled.addAll(lines.subList(end, lines.size()));
        filled.replaceAll(line -> line.startsWith("#") ? line : line.replace(LISTEN, listen.toString()));
        return String.join("\n", filled) + "\n";
    }

    private int mark(String text) {
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).strip().startsWith(text)) {
                return at;
            }
        }
        throw new IllegalStateException("the template has no line " + text);
    }
}
