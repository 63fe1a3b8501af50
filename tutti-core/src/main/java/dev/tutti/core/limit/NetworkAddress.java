package dev.tutti.core.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The names of the holder, the site and the area of a network address. An IPv4 address is one customer's; of IPv6 each customer has
 * a /64 at least, and a /48 at most. Stateless.
 */
public final class NetworkAddress {
    private static final int NETWORK_BYTES = 8;
    private static final int SITE_BYTES = 6;
    private static final int IPV4_AREA_BYTES = 3;
    private static final String NETWORK_END = ":0:0:0:0/" + NETWORK_BYTES * Byte.SIZE;
    private static final String SITE_END = ":0:0:0:0:0/" + SITE_BYTES * Byte.SIZE;

    private NetworkAddress() {}

    /**
     * The holder for limits by address: an IPv4 address itself, also if it is written as an IPv6 address, or the /64 of an IPv6 address.
     * Text that is no address is returned as it is.
     */
    public static String holder(String address) {
        int zone = address.indexOf('%');
        String plain = zone < 0 ? address : address.substring(0, zone);
        if (plain.indexOf(':') < 0) {
            return plain;
        }
        try {
            InetAddress parsed = InetAddress.ofLiteral(plain);
            if (!(parsed instanceof Inet6Address)) {
                return parsed.getHostAddress(); // ::ffff:a.b.c.d
            }
            return network(parsed, NETWORK_BYTES);
        } catch (IllegalArgumentException | UnknownHostException none) {
            return plain;
        }
    }

    /**
     * The /48 of {@code holder}, which is a /64 as {@link #holder} returns it. A /48 has 65,536 of them, which may belong to one customer
     * or to many. Empty for all other holders.
     */
    public static Optional<String> site(String holder) {
        if (!holder.endsWith(NETWORK_END)) {
            return Optional.empty();
        }
        int end = holder.lastIndexOf(':', holder.length() - NETWORK_END.length() - 1);
        return end < 0 ? Optional.empty() : Optional.of(holder.substring(0, end) + SITE_END);
    }

    /**
     * The rough location of {@code address}: the /24 of an IPv4 address, the /48 of an IPv6 address. The owner of an account can
     * distinguish locations by it, but it identifies no machine. Empty for text that is no address.
     */
    public static String area(String address) {
        int zone = address.indexOf('%');
        try {
            InetAddress parsed = InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
            return network(parsed, parsed instanceof Inet6Address ? SITE_BYTES : IPV4_AREA_BYTES);
        } catch (IllegalArgumentException | UnknownHostException none) {
            return "";
        }
    }

    private static String network(InetAddress address, int bytes) throws UnknownHostException {
        byte[] all = address.getAddress();
        byte[] network = Arrays.copyOf(Arrays.copyOf(all, bytes), all.length);
        return InetAddress.getByAddress(network).getHostAddress() + "/" + bytes * Byte.SIZE;
    }
}
