package dev.tutti.server.config;

import java.util.regex.Pattern;

/** The part of a setting's value that people may see. */
public enum SecretMask {
    /** All of it. */
    OPEN {
        @Override
        String shown(String value) {
            return value;
        }
    },
    /** A URL, all of which but its passwords may be shown. */
    URL_WITH_PASSWORD {
        @Override
        String shown(String value) {
            String withoutUser = USER_INFO.matcher(value).replaceFirst("$1" + MASK + "@");
            return PARAMETER.matcher(withoutUser).replaceAll("$1" + MASK);
        }
    },
    /** A URL, all of which may be shown but what stands before the host: it may be a password alone. */
    URL_WITH_CREDENTIALS {
        @Override
        String shown(String value) {
            return CREDENTIALS.matcher(value).replaceFirst("$1" + MASK + "@");
        }
    },
    /** None of it. */
    SECRET {
        @Override
        String shown(String value) {
            return value.isEmpty() ? value : MASK;
        }
    };

    private static final String MASK = "****";

    /** The password of {@code //user:password@}; up to the last {@code @}, since people forget to encode it. */
    private static final Pattern USER_INFO = Pattern.compile("(//[^/:@]*:).*@");

    private static final Pattern CREDENTIALS = Pattern.compile("(//).*@");

    private static final Pattern PARAMETER = Pattern.compile("((?i:password)=)[^&]*");

    abstract String shown(String value);
}
