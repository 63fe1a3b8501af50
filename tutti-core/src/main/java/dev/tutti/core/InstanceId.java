package dev.tutti.core;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of an instance in the cluster, as it appears in headers and logs. Immutable.
 *
 * @param value 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
 */
public record InstanceId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public InstanceId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "instance id '" + value + "' is not 1 to 64 characters of [A-Za-z0-9._-]");
        }
    }

    /**
     * A name of at most 40 characters of the host name, the process id, and six random hexadecimal digits, so that no two processes share
     * it.
     */
    public static InstanceId random() {
        byte[] random = new byte[3];
        new SecureRandom().nextBytes(random);
        String host = hostName().replaceAll("[^A-Za-z0-9._-]", "-");
        return new InstanceId((host.length() > 40 ? host.substring(0, 40) : host) + "-"
                + ProcessHandle.current().pid() + "-" + HexFormat.of().formatHex(random));
    }

    @Override
    public String toString() {
        return value;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "host";
        }
    }
}
