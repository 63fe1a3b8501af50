package dev.tutti.core.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Whose an address is: an IPv4 address is one customer's, of IPv6 each customer has a /64 at least. Stateless. */
public final class NetworkAddress {
    private static final int NETWORK_BYTES = 8;
    private static final int SITE_BYTES = 6;
    private static final int IPV4_AREA_BYTES = 3;

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
            return network(parsed, NETWORK_BYTES);
        } catch (IllegalArgumentException | UnknownHostException none) {
            return plain;
        }
    }

    /**
     * Where {@code address} is, roughly: the /24 of an IPv4 address, the /48 of an IPv6 address. It tells an owner one place
     * from another, and nobody which machine it was. Empty for text that is no address.
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
