package dev.tutti.server.config;

import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a {@code .env} file. */
public final class EnvFile {
    private EnvFile() {}

    /** What reading one comes to. */
    public sealed interface Outcome {}

    /** It was read. */
    public record Read(Source source) implements Outcome {}

    /** It is not there. */
    public record Absent() implements Outcome {}

    /** It is there and cannot be used. */
    public record Unusable(Mistake mistake) implements Outcome {}

    /**
     * Reads {@code file}.
     *
     * @param shown what people call it
     */
    public static Outcome read(Path file, String shown) {
        Path whole = file.toAbsolutePath().normalize();
        if (!Files.exists(whole)) {
            return new Absent();
        }
        if (!Files.isRegularFile(whole) || !Files.isReadable(whole)) {
            return new Unusable(new Mistake(shown, "is not a file that can be read"));
        }
        try {
            Dotenv dotenv = Dotenv.configure()
                    .directory(
                            Optional.ofNullable(whole.getParent()).orElse(whole).toString())
                    .filename(String.valueOf(whole.getFileName()))
                    .load();
            Map<String, String> values = new HashMap<>();
            dotenv.entries(Dotenv.Filter.DECLARED_IN_ENV_FILE)
                    .forEach(entry -> values.put(entry.getKey(), unquoted(entry.getValue())));
            return new Read(new Source(shown, values));
        } catch (DotenvException malformed) {
            // its message repeats the line, which may hold a secret
            return new Unusable(
                    new Mistake(shown, "has a line that is neither NAME=value nor a comment beginning with #"));
        }
    }

    /** Without single quotes around it; the library takes off double ones only. */
    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("'") && value.endsWith("'")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
