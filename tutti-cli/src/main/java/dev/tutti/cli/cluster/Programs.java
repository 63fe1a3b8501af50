package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that are installed on this machine. */
final class Programs {
    /** Not on everybody's PATH, and where servers are. */
    private static final List<String> ALSO_IN =
            List.of("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin");

    private Programs() {}

    /** Where {@code name} is, if it is installed. */
    static Optional<String> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), ALSO_IN.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString);
    }

    /** The same, or a sentence that says how to get it, which is package {@code name} everywhere. */
    static String require(String name, String wanted) {
        return find(name)
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        wanted + " needs " + name + ", which is not installed; Debian: apt-get install " + name));
    }

    /**
     * {@code command} so that Ctrl-C, which a terminal sends to everything it has started, reaches this process alone, which
     * decides in which order the others stop.
     */
    static List<String> detached(List<String> command) {
        List<String> whole = new ArrayList<>(
                find("setsid").map(List::of).orElse(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh")));
        whole.addAll(command);
        return whole;
    }
}
