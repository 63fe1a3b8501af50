package dev.tutti.server.config;

import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link RetentionPolicy}: {@code conversation=3650d,room=7d/10000,*=30d}. */
final class RetentionType {
    static final Type<RetentionPolicy> RETENTION = new Type<>(
            "kind=age or kind=age/count, separated by commas; age 1m to 36500d, count 1 or more; one kind must be *,"
                    + " which stands for all other kinds",
            RetentionType::read);

    private static final Pattern RULE = Pattern.compile("(\\*|[a-z][a-z0-9-]{0,31})=([0-9]+[a-z]+)(?:/([0-9]{1,18}))?");
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private RetentionType() {}

    private static RetentionPolicy read(String text) throws InvalidValueException {
        Map<String, Retention> kinds = new HashMap<>();
        for (String part : text.split(",", -1)) {
            Matcher rule = Type.matched(RULE, part.strip());
            if (kinds.put(rule.group(1), retention(rule)) != null) {
                throw new InvalidValueException();
            }
        }
        Retention others = kinds.remove("*");
        if (others == null) {
            throw new InvalidValueException();
        }
        return new RetentionPolicy(kinds, others);
    }

    private static Retention retention(Matcher rule) throws InvalidValueException {
        Duration age = Type.duration(rule.group(2));
        String count = rule.group(3);
        long most = count == null ? Long.MAX_VALUE : Long.parseLong(count);
        if (age.compareTo(Duration.ofMinutes(1)) < 0 || age.compareTo(LONGEST) > 0 || most < 1) {
            throw new InvalidValueException();
        }
        return new Retention(age, most);
    }
}
