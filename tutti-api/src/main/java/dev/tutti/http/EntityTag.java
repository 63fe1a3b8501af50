package dev.tutti.http;

import java.util.Arrays;

/**
 * How a client knows again an answer that it has: the {@code ETag} (RFC 9110, section 8.8.3). Immutable.
 *
 * @param opaque what is between the quotes: visible ASCII characters without quotes and commas
 * @param weak whether answers with this tag may differ in their bytes, as one with gzip and one without it do
 */
public record EntityTag(String opaque, boolean weak) {
    public EntityTag {
        if (!opaque.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != ',')) {
            throw new IllegalArgumentException(
                    "entity tag '" + opaque + "'; allowed are visible ASCII characters without quotes and commas");
        }
    }

    /** Whether the {@code If-None-Match} of {@code request} names it, so that the answer is 304. */
    public boolean isNamedBy(Request request) {
        return request.header("if-none-match").map(this::isNamedIn).orElse(false);
    }

    /** Whether the header {@code ifNoneMatch}, such as {@code "4", W/"5"} or {@code *}, names it by the weak comparison (section 13.1.2). */
    public boolean isNamedIn(String ifNoneMatch) {
        String quoted = quoted();
        return Arrays.stream(ifNoneMatch.split(",", -1))
                .map(String::strip)
                .map(each -> each.startsWith("W/") ? each.substring(2) : each)
                .anyMatch(each -> each.equals("*") || each.equals(quoted));
    }

    private String quoted() {
        return '"' + opaque + '"';
    }

    /** As the header {@code ETag} has it. */
    @Override
    public String toString() {
        return weak ? "W/" + quoted() : quoted();
    }
}
