package dev.tutti.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The meaning of a Range header for so many bytes (RFC 9110, section 14). */
sealed interface ByteRange {
    /** Bytes {@code from} until before {@code to}, at least one. */
    record Part(long from, long to) implements ByteRange {}

    /** All: there is no such header, or one that is not understood, as with several ranges. */
    record Whole() implements ByteRange {}

    /** There are no such bytes. */
    record Unsatisfiable() implements ByteRange {}

    Pattern FORM = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** The one that {@code header} means. */
    static ByteRange of(String header, long bytes) {
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches()) {
            return new Whole();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            if (last.isEmpty()) {
                return new Whole();
            }
            long suffix = Math.min(bytes, Long.parseLong(last));
            return suffix == 0 ? new Unsatisfiable() : new Part(bytes - suffix, bytes);
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? bytes : Math.min(bytes, Long.parseLong(last) + 1);
        if (!last.isEmpty() && Long.parseLong(last) < from) {
            return new Whole();
        }
        return from >= bytes ? new Unsatisfiable() : new Part(from, to);
    }
}
