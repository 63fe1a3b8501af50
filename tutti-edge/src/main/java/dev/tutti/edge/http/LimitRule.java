package dev.tutti.edge.http;

import dev.tutti.limit.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that says which requests are counted together, and how many of them are answered, for example {@code POST /api/auth/login by
 * address: 10 per 1m}. Immutable.
 *
 * @param method the method in capitals; empty for all methods
 * @param path the segments of the path; {@code *} stands for one segment, and at the end for one or more
 * @param by the kind of holders that have separate buckets
 * @param limit the rate limit of each bucket
 */
public record LimitRule(String method, List<String> path, By by, RateLimit limit) {
    /** The kinds of holders; each holder has a separate bucket. */
    public enum By {
        /** Each network address. For IPv6: each /64, and all /64s of a /48 together have eight times the limit. */
        ADDRESS,
        /** Each person who is signed in. */
        ACCOUNT,
        /** Each API key. */
        KEY,
        /** The rule itself: all its requests are counted together. */
        ROUTE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MOST_RULES = 100;
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final String REST = "*";
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern FORM = Pattern.compile("(?:(\\S+) )?(\\S+) by (\\S+) ?: ?(.*)");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~*/-]{0,200}");
    private static final Pattern RATE =
            Pattern.compile("([0-9]{1,7}) per ([0-9]{1,6})([smhd])(?: burst ([0-9]{1,7}))?");

    public LimitRule {
        path = List.copyOf(path);
    }

    /**
     * Reads rules with semicolons between them.
     *
     * @throws IllegalArgumentException if they cannot be read; the message names the place, and what is allowed there
     */
    public static List<LimitRule> parse(String text) {
        List<LimitRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String[] parts = text.isBlank() ? new String[0] : text.split(";", -1);
        if (parts.length > MOST_RULES) {
            throw new IllegalArgumentException(parts.length + " rules; allowed are " + MOST_RULES);
        }
        for (String part : parts) {
            String place = "rule " + (rules.size() + 1) + " ('" + part.strip() + "'): ";
            LimitRule rule = rule(part.strip().replaceAll("\\s+", " "), place);
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException(place + "there is one for " + rule.name() + " already");
            }
            rules.add(rule);
        }
        return List.copyOf(rules);
    }

    private static LimitRule rule(String text, String place) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(place
                    + "is not of the form [METHOD] /path by address|account|key|route: COUNT per TIME [burst COUNT]");
        }
        String method = form.group(1) == null ? "" : form.group(1);
        if (!method.isEmpty() && !METHODS.contains(method)) {
            throw new IllegalArgumentException(place + "the method is '" + method
                    + "'; allowed are GET, POST, PUT, PATCH, DELETE, or none for all");
        }
        if (!PATH.matcher(form.group(2)).matches()) {
            throw new IllegalArgumentException(place + "the path is '" + form.group(2)
                    + "'; it begins with / and has letters, digits, . _ ~ - and * alone");
        }
        List<String> path = List.of(form.group(2).substring(1).split("/", -1));
        if (path.stream().anyMatch(segment -> segment.contains(REST) && !segment.equals(REST))) {
            throw new IllegalArgumentException(place + "the path is '" + form.group(2)
                    + "'; * stands for a whole segment, at the end for several");
        }
        return new LimitRule(method, path, by(form.group(3), place), rate(form.group(4), place));
    }

    private static By by(String text, String place) {
        for (By each : By.values()) {
            if (each.text().equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                place + "behind by is '" + text + "'; allowed are address, account, key and route");
    }

    private static RateLimit rate(String text, String place) {
        Matcher rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw new IllegalArgumentException(
                    place + "behind the colon is '" + text
                            + "'; allowed is COUNT per TIME, or COUNT per TIME burst COUNT, where TIME is a number and s, m, h or d");
        }
        long count = Long.parseLong(rate.group(1));
        long number = Long.parseLong(rate.group(2));
        Duration per = switch (rate.group(3)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        long burst = rate.group(4) == null ? count : Long.parseLong(rate.group(4));
        if (per.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    place + "the time is " + rate.group(2) + rate.group(3) + "; allowed are 1s to 30d");
        }
        try {
            return new RateLimit(count, per, burst);
        } catch (IllegalArgumentException outOfBounds) {
            throw new IllegalArgumentException(place + outOfBounds.getMessage(), outOfBounds);
        }
    }

    /** The name of the rule in metrics and headers: its text without the numbers. */
    public String name() {
        return (method.isEmpty() ? "" : method + " ") + "/" + String.join("/", path) + " by " + by.text();
    }

    /** Whether it is about a request with method {@code asked} for the path of {@code segments}; {@code HEAD} counts as {@code GET}. */
    public boolean matches(String asked, List<String> segments) {
        boolean meant = method.isEmpty() || method.equals(asked.equals("HEAD") ? "GET" : asked);
        return meant && matches(segments);
    }

    private boolean matches(List<String> segments) {
        boolean rest = path.getLast().equals(REST);
        if (rest ? segments.size() < path.size() : segments.size() != path.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!path.get(i).equals(REST) && !path.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }
}
