package dev.tutti.http;

import java.util.Arrays;

/**
 * An entity tag, the value of the header {@code ETag} (RFC 9110, section 8.8.3). With it a client asks whether the answer that it has is
 * still the current one. Immutable.
 *
 * @param opaque the characters between the quotes: visible ASCII characters without quotes and commas
 * @param weak whether answers with the same tag may differ in their bytes, for example because one of them is sent with gzip
 */
public record EntityTag(String opaque, boolean weak) {
    public EntityTag {
        if (!opaque.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != ',')) {
            throw new IllegalArgumentException(
                    "entity tag '" + opaque + "'; allowed are visible ASCII characters without quotes and commas");
        }
    }

    /** Whether the header {@code If-None-Match} of {@code request} has this tag, so that the answer is 304. False without the header. */
    public boolean isNamedBy(Request request) {
        return request.header("if-none-match").map(this::isNamedIn).orElse(false);
    }

    /**
     * Whether a value of the header {@code If-None-Match} has this tag, by the weak comparison (RFC 9110, section 13.1.2).
     *
     * @param ifNoneMatch the value of the header, such as {@code "4", W/"5"}, or {@code *}, which matches every tag
     */
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

    /** The tag as it is written in the header {@code ETag}. */
    @Override
    public String toString() {
        return weak ? "W/" + quoted() : quoted();
    }
}
