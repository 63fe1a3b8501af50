package dev.tutti.server.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A set of values and how they are written.
 *
 * @param allowed the same for people, for example {@code 0 to 65535}
 * @param reader turns text into a value, or refuses it
 */
public record Type<T>(String allowed, Reader<T> reader) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,12})([km]?)");

    /** Turns text into a value. */
    @FunctionalInterface
    interface Reader<T> {
        T read(String text) throws InvalidValueException;
    }

    T read(String text) throws InvalidValueException {
        return reader.read(text);
    }

    /** Paths, whether there is something or not; {@code allowed} says of what. */
    static Type<Path> path(String allowed) {
        return new Type<>(allowed, Type::toPath);
    }

    static Path toPath(String text) throws InvalidValueException {
        try {
            return Path.of(text);
        } catch (InvalidPathException malformed) {
            throw new InvalidValueException();
        }
    }

    /** Secrets that instances share. */
    static Type<String> secret() {
        return text("32 to 1000 characters without spaces", "\\S{32,1000}");
    }

    /** Whole numbers. */
    static Type<Integer> whole(int min, int max) {
        return new Type<>(min + " to " + max, text -> {
            if (!text.matches("[0-9]{1,10}")) {
                throw new InvalidValueException();
            }
            long number = Long.parseLong(text);
            return (int) within(number, min, max);
        });
    }

    /** Whole numbers that may be large. */
    static Type<Long> count(long min, long max) {
        return new Type<>(min + " to " + max, text -> {
            if (!text.matches("[0-9]{1,16}")) {
                throw new InvalidValueException();
            }
            return within(Long.parseLong(text), min, max);
        });
    }

    /** Sizes: a number of bytes, or one with {@code k} (1,024) or {@code m} (1,024 k) behind it. */
    static Type<Integer> bytes(int min, int max) {
        return new Type<>(inBytes(min) + " to " + inBytes(max) + " (bytes, or KiB with k, MiB with m)", text -> {
            Matcher matcher = matched(BYTES, text.toLowerCase(Locale.ROOT));
            int shift = switch (matcher.group(2)) {
                case "k" -> 10;
                case "m" -> 20;
                default -> 0;
            };
            return (int) within(Long.parseLong(matcher.group(1)) << shift, min, max);
        });
    }

    /** Spans of time: a number and {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}. */
    static Type<Duration> duration(Duration min, Duration max) {
        return new Type<>(inWords(min) + " to " + inWords(max) + " (a number and ms, s, m, h or d)", text -> {
            Duration duration = duration(text);
            if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                throw new InvalidValueException();
            }
            return duration;
        });
    }

    /** The constants of an enum, in lower case. */
    static <E extends Enum<E>> Type<E> oneOf(Class<E> constants) {
        List<E> all = Arrays.asList(constants.getEnumConstants());
        String allowed =
                all.stream().map(one -> one.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
        return new Type<>(
                allowed,
                text -> all.stream()
                        .filter(one -> one.name().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(InvalidValueException::new));
    }

    /** {@code true} or {@code false}. */
    static Type<Boolean> bool() {
        return new Type<>("true, false", text -> switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidValueException();
        });
    }

    /** Texts of the form {@code pattern}. */
    static Type<String> text(String allowed, String pattern) {
        Pattern form = Pattern.compile(pattern);
        return new Type<>(allowed, text -> matched(form, text).group());
    }

    /** Paths of what is there. */
    static Type<Path> existing(String allowed) {
        return new Type<>(allowed, text -> {
            try {
                Path path = Path.of(text);
                if (Files.isReadable(path)) {
                    return path;
                }
            } catch (InvalidPathException notOne) {
                // it is refused
            }
            throw new InvalidValueException();
        });
    }

    /** The same, or nothing. */
    static <T> Type<Optional<T>> optional(Type<T> type) {
        return new Type<>(type.allowed, text -> text.isEmpty() ? Optional.empty() : Optional.of(type.read(text)));
    }

    /** The same; a value that Kubernetes sets by this name for a service that happens to be called so counts as nothing. */
    static <T> Type<Optional<T>> unlessOfKubernetes(Type<Optional<T>> type) {
        return new Type<>(type.allowed, text -> text.startsWith("tcp://") ? Optional.empty() : type.read(text));
    }

    /** Any number of them, separated by commas. */
    static <T> Type<List<T>> list(Type<T> type) {
        return new Type<>(type.allowed + "; several, separated by commas", text -> {
            List<T> values = new ArrayList<>();
            for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
                values.add(type.read(part.strip()));
            }
            return List.copyOf(values);
        });
    }

    /** Up to {@code most} of them, separated by spaces. */
    static <T> Type<List<T>> words(Type<T> type, int most) {
        return new Type<>(type.allowed + "; up to " + most + ", separated by spaces", text -> {
            List<T> values = new ArrayList<>();
            for (String word : text.isEmpty() ? new String[0] : text.split("\\s+", -1)) {
                values.add(type.read(word));
            }
            within(values.size(), 0, most);
            return List.copyOf(values);
        });
    }

    static Duration duration(String text) throws InvalidValueException {
        Matcher matcher = matched(DURATION, text);
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    static Matcher matched(Pattern pattern, String text) throws InvalidValueException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException();
        }
        return matcher;
    }

    private static long within(long number, long min, long max) throws InvalidValueException {
        if (number < min || number > max) {
            throw new InvalidValueException();
        }
        return number;
    }

    private static String inBytes(int bytes) {
        if (bytes % (1 << 20) == 0 && bytes > 0) {
            return (bytes >> 20) + "m";
        }
        return bytes % (1 << 10) == 0 ? (bytes >> 10) + "k" : Integer.toString(bytes);
    }

    private static String inWords(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return "0s"; // as the defaults are written
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
