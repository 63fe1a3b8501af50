package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The path and the query of a request, percent-decoded strictly (RFC 3986): segments are decoded one by one, so that an encoded slash is
 * part of a segment.
 *
 * @param segments of the path; a path that ends with a slash has an empty last one
 * @param query the first parameter of each name
 */
public record RequestUri(List<String> segments, Map<String, String> query) {
    private static final int MAX_PARAMETERS = 100;

    public RequestUri {
        segments = List.copyOf(segments);
        query = Map.copyOf(query);
    }

    /** The path, decoded. */
    public String path() {
        return "/" + String.join("/", segments);
    }

    /**
     * Reads a path that begins with a slash, and a query.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is not well-formed UTF-8 in percent-encoding, or
     *     tries to leave its folder
     */
    public static RequestUri parse(@Nullable String path, @Nullable String query) {
        if (path == null || !path.startsWith("/")) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "the request's path does not begin with a slash");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            String decoded = decode(segment, false);
            if (decoded.equals("..") || decoded.equals(".") || decoded.indexOf('\0') >= 0) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "the request's path has a segment that is not allowed");
            }
            segments.add(decoded);
        }
        return new RequestUri(segments, query == null ? Map.of() : parameters(query));
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String[] pairs = query.split("&", MAX_PARAMETERS + 1);
        if (pairs.length > MAX_PARAMETERS) {
            throw new TuttiException(ErrorCode.TOO_LARGE, "the query has more than " + MAX_PARAMETERS + " parameters");
        }
        for (String pair : pairs) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.putIfAbsent(decode(name, true), decode(value, true));
            }
        }
        return parameters;
    }

    private static String decode(String encoded, boolean plusIsSpace) {
        if (encoded.indexOf('%') < 0 && (!plusIsSpace || encoded.indexOf('+') < 0) && isAscii(encoded)) {
            return encoded;
        }
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                if (i + 2 >= encoded.length()) {
                    throw malformed();
                }
                bytes.put((byte) (hex(encoded.charAt(i + 1)) << 4 | hex(encoded.charAt(i + 2))));
                i += 2;
            } else if (c > 0x7F) {
                throw malformed();
            } else {
                bytes.put((byte) (c == '+' && plusIsSpace ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            throw malformed();
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c <= 0x7F);
    }

    private static int hex(char c) {
        int digit = Character.digit(c, 16);
        if (digit < 0 || c > 'f') {
            throw malformed();
        }
        return digit;
    }

    private static TuttiException malformed() {
        return new TuttiException(ErrorCode.BAD_REQUEST, "the request's address is not UTF-8 in percent-encoding");
    }
}
