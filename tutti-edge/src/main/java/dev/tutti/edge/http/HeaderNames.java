package dev.tutti.edge.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Headers' names in lower case; those that nearly every client sends are the same string for all of them, as connections
 * keep their handshakes for as long as they last.
 */
final class HeaderNames {
    private static final Map<String, String> COMMON = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static {
        for (String name : new String[] {
            "accept",
            "accept-encoding",
            "accept-language",
            "authorization",
            "cache-control",
            "connection",
            "content-length",
            "content-type",
            "cookie",
            "host",
            "origin",
            "pragma",
            "priority",
            "referer",
            "sec-ch-ua",
            "sec-ch-ua-mobile",
            "sec-ch-ua-platform",
            "sec-fetch-dest",
            "sec-fetch-mode",
            "sec-fetch-site",
            "sec-websocket-extensions",
            "sec-websocket-key",
            "sec-websocket-protocol",
            "sec-websocket-version",
            "upgrade",
            "user-agent",
            "x-forwarded-for",
            "x-forwarded-proto"
        }) {
            COMMON.put(name, name);
        }
    }

    private HeaderNames() {}

    static String lowerCase(String name) {
        @Nullable String common = COMMON.get(name);
        return common == null ? name.toLowerCase(Locale.ROOT) : common;
    }
}
