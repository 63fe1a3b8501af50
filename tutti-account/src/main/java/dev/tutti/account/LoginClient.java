package dev.tutti.account;

import dev.tutti.core.input.Input;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.http.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client that somebody logs in with, as they shall recognise it in the list of their sessions.
 *
 * @param device what it is called: at most 64 characters
 * @param area the part of the network that it came from, see {@link NetworkAddress#area}
 */
record LoginClient(String device, String area) {
    private static final String UNKNOWN = "Unknown device";
    private static final int LONGEST_HEADER = 1_000;
    private static final Pattern PROGRAM = Pattern.compile("([A-Za-z0-9._-]{1,40})(/.*)?");

    /** In the order in which they are looked for: most claim to be some of those behind them. */
    private static final Map<String, String> BROWSERS = ordered(
            "Edg",
            "Edge",
            "OPR/",
            "Opera",
            "FxiOS/",
            "Firefox",
            "Firefox/",
            "Firefox",
            "CriOS/",
            "Chrome",
            "Chrome/",
            "Chrome",
            "Safari/",
            "Safari");

    private static final Map<String, String> SYSTEMS = ordered(
            "iPhone",
            "iPhone",
            "iPad",
            "iPad",
            "Android",
            "Android",
            "Windows",
            "Windows",
            "CrOS",
            "ChromeOS",
            "Mac OS X",
            "Mac",
            "Linux",
            "Linux");

    /** The client that sent {@code request}: as it calls itself, else as its user agent says. */
    static LoginClient of(Request request, @Nullable String named) {
        String device = named == null
                ? request.header("user-agent").map(LoginClient::inWords).orElse(UNKNOWN)
                : Input.label("device", named, 1, 64);
        return new LoginClient(device, NetworkAddress.area(request.handshake().address()));
    }

    /** Such as Firefox on Linux, or curl. */
    private static String inWords(String agent) {
        String header = agent.substring(0, Math.min(agent.length(), LONGEST_HEADER));
        Optional<String> browser = firstIn(header, BROWSERS);
        Optional<String> system = firstIn(header, SYSTEMS);
        if (browser.isPresent()) {
            return browser.get() + system.map(name -> " on " + name).orElse("");
        }
        Matcher program = PROGRAM.matcher(header);
        return program.matches() ? program.group(1) : system.orElse(UNKNOWN);
    }

    private static Optional<String> firstIn(String header, Map<String, String> names) {
        return names.entrySet().stream()
                .filter(name -> header.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
