package dev.tutti.edge.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The header names and values that nearly every client sends. Each of them is one string for all clients, because connections
 * keep their handshakes for as long as they last.
 */
final class InternedHeaders {
    private static final Map<String, String> NAMES = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private static final Map<String, String> VALUES = new HashMap<>();
    private static final int LONGEST_VALUE = 20;

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
            NAMES.put(name, name);
        }
        for (String value : new String[] {
            "*/*",
            "13",
            "Upgrade",
            "close",
            "http",
            "https",
            "keep-alive",
            "keep-alive, Upgrade",
            "no-cache",
            "upgrade",
            "websocket"
        }) {
            VALUES.put(value, value);
        }
    }

    private InternedHeaders() {}

    /** A header's name in lower case. */
    static String headerName(String name) {
        @Nullable String common = NAMES.get(name);
        return common == null ? name.toLowerCase(Locale.ROOT) : common;
    }

    /** A header's value, as it is. */
    static String value(String value) {
        return value.length() > LONGEST_VALUE ? value : VALUES.getOrDefault(value, value);
    }
}
