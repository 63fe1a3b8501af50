package dev.tutti.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@code .env} file: lines of {@code NAME=value}, {@code NAME="value"} or {@code NAME='value'}, with {@code export}
 * before them or not. A {@code #} at the beginning of a line, or behind a space, begins a comment; in quotes it does not.
 */
public final class EnvFile {
    /** The one that is read where it is not said which. */
    public static final String USUAL = ".env";

    private static final Pattern LINE = Pattern.compile(
            "(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\\s*=\\s*(?:'([^']*)'|\"([^\"]*)\"|(|[^\\s'\"#].*?))"
                    + "(?:(?:\\s+|(?<==))#.*)?");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private EnvFile() {}

    /** The outcome of reading one. */
    public sealed interface Outcome {}

    /** The file was read. */
    public record Read(SettingSource source) implements Outcome {}

    /** The file is not there. */
    public record Absent() implements Outcome {}

    /** The file is there and cannot be used. */
    public record Unusable(ConfigurationError mistake) implements Outcome {}

    /**
     * Reads {@code file}, in UTF-8.
     *
     * @param shown what people call it
     */
    public static Outcome read(Path file, String shown) {
        Path whole = file.toAbsolutePath().normalize();
        if (!Files.exists(whole)) {
            return new Absent();
        }
        if (!Files.isRegularFile(whole) || !Files.isReadable(whole)) {
            return new Unusable(new ConfigurationError(shown, "is not a file that can be read"));
        }
        try {
            return parsed(Files.readAllLines(whole), shown);
        } catch (CharacterCodingException notText) {
            return new Unusable(new ConfigurationError(shown, "is not text in UTF-8"));
        } catch (IOException failed) {
            return new Unusable(new ConfigurationError(shown, "cannot be read: " + failed.getMessage()));
        }
    }

    /** The mistake's message does not repeat the line, which may hold a secret. */
    private static Outcome parsed(List<String> lines, String shown) {
        Map<String, String> values = new HashMap<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).replace(BYTE_ORDER_MARK, "").strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                return new Unusable(new ConfigurationError(
                        shown, "line " + number + " is neither NAME=value nor a comment beginning with #"));
            }
            values.put(parts.group(1), value(parts));
        }
        return new Read(new SettingSource(shown, values));
    }

    private static String value(Matcher parts) {
        for (int group = 2; group <= 4; group++) {
            String value = parts.group(group);
            if (value != null) {
                return value;
            }
        }
        return "";
    }
}
