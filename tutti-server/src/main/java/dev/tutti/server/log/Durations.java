package dev.tutti.server.log;

import java.time.Duration;
import java.util.regex.Pattern;

/** Writes spans of time in messages as people write them: {@code 1.5 s}, not {@code PT1.5S} (ISO 8601). */
final class Durations {
    private static final Pattern ISO =
            Pattern.compile("\\bPT(?=[0-9])(?:[0-9]{1,9}H)?(?:[0-9]{1,9}M)?(?:[0-9]{1,9}(?:\\.[0-9]{1,9})?S)?\\b");

    private Durations() {}

    /** {@code message} with each of them in words. */
    static String inWords(String message) {
        return message.contains("PT")
                ? ISO.matcher(message).replaceAll(found -> words(Duration.parse(found.group())))
                : message;
    }

    private static String words(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            return time.isZero() ? "0 s" : Math.floorDiv(time.toNanos(), 1_000) / 1_000.0 + " ms";
        }
        StringBuilder words = new StringBuilder();
        append(words, Long.toString(time.toHours()), "h");
        append(words, Integer.toString(time.toMinutesPart()), "min");
        String millis = time.toMillisPart() == 0
                ? ""
                : "." + String.valueOf(1_000 + time.toMillisPart()).substring(1);
        append(words, time.toSecondsPart() + millis.replaceFirst("0+$", ""), "s");
        return words.toString();
    }

    private static void append(StringBuilder words, String number, String unit) {
        if (!number.equals("0")) {
            words.append(words.isEmpty() ? "" : " ").append(number).append(' ').append(unit);
        }
    }
}
