package dev.tutti.core.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Whose an address is: an IPv4 address is one customer's, of IPv6 each customer has a /64 at least. Stateless. */
public final class NetworkAddress {
    private static final int NETWORK_BYTES = 8;

    private NetworkAddress() {}

    /**
     * The name under which what comes from {@code address} counts: an IPv4 address itself, also when it is written as an IPv6
     * one, and the /64 of an IPv6 address. Text that is no address stands for itself.
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
            byte[] network = Arrays.copyOf(Arrays.copyOf(parsed.getAddress(), NETWORK_BYTES), 2 * NETWORK_BYTES);
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (IllegalArgumentException | UnknownHostException none) {
            return plain;
        }
    }
}
