package dev.tutti.server.outbound;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses of the public Internet: those that the special-purpose registries of IANA (RFC 6890) do not take out of it, and of
 * IPv6 global unicast alone, without those that stand for an IPv4 address. Stateless.
 */
final class PublicAddresses {
    private static final List<IpSubnetFilterRule> RESERVED_IPV4 = rules(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");
    private static final List<IpSubnetFilterRule> GLOBAL_IPV6 = rules("2000::/3");
    private static final List<IpSubnetFilterRule> RESERVED_IPV6 =
            rules("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    private PublicAddresses() {}

    /** Whether {@code address} is one. An IPv4 address that is written as an IPv6 one is what it stands for. */
    static boolean include(InetAddress address) {
        InetSocketAddress socket = new InetSocketAddress(address, 0);
        return address instanceof Inet6Address
                ? within(GLOBAL_IPV6, socket) && !within(RESERVED_IPV6, socket)
                : !within(RESERVED_IPV4, socket);
    }

    private static boolean within(List<IpSubnetFilterRule> networks, InetSocketAddress socket) {
        return networks.stream().anyMatch(network -> network.matches(socket));
    }

    private static List<IpSubnetFilterRule> rules(String... networks) {
        return Stream.of(networks)
                .map(network -> new IpSubnetFilterRule(network, IpFilterRuleType.ACCEPT))
                .toList();
    }
}
