package dev.tutti.edge.http;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The load balancers whose word is taken for where a request comes from. Addresses that a client itself writes into {@code
 * X-Forwarded-For} stand before those that the balancers add, and are not believed. Immutable.
 */
public final class TrustedProxies {
    private static final int MOST_HOPS = 16;

    private final List<IpSubnetFilterRule> networks;

    /**
     * Those in {@code networks}, each an address or {@code address/bits}.
     *
     * @throws IllegalArgumentException if one is neither
     */
    public TrustedProxies(Collection<String> networks) {
        this.networks = networks.stream().map(TrustedProxies::rule).toList();
    }

    /**
     * Checks {@code networks} as {@link #TrustedProxies} would.
     *
     * @throws IllegalArgumentException if one is none
     */
    public static void check(Collection<String> networks) {
        networks.forEach(network -> {
            IpSubnetFilterRule rule = rule(network);
            assert rule.ruleType() == IpFilterRuleType.ACCEPT;
        });
    }

    private static IpSubnetFilterRule rule(String network) {
        String[] parts = network.split("/", 2);
        byte @Nullable [] address = NetUtil.createByteArrayFromIpAddressString(parts[0]);
        if (address == null) {
            throw new IllegalArgumentException(
                    "network '" + network + "' is none; allowed are addresses and address/bits, such as 10.0.0.0/8");
        }
        try {
            int bits = parts.length == 1 ? address.length * 8 : Integer.parseInt(parts[1]);
            return new IpSubnetFilterRule(InetAddress.getByAddress(address), bits, IpFilterRuleType.ACCEPT);
        } catch (UnknownHostException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "network '" + network + "' is none; the bits are 0 to " + address.length * 8, wrong);
        }
    }

    /** Where a request came from that {@code peer} sent with this {@code X-Forwarded-For}. */
    String client(String peer, @Nullable String forwardedFor) {
        if (forwardedFor == null || !trusts(peer)) {
            return peer;
        }
        String client = peer;
        String[] hops = forwardedFor.split(",", -1);
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MOST_HOPS) && trusts(client); i--) {
            String hop = hops[i].strip();
            if (!NetUtil.isValidIpV4Address(hop) && !NetUtil.isValidIpV6Address(hop)) {
                break;
            }
            client = hop;
        }
        return client;
    }

    /** Whether {@code address} is one of them. */
    boolean trusts(String address) {
        if (networks.isEmpty()) {
            return false;
        }
        byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            return false;
        }
        try {
            InetSocketAddress socket = new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
            return networks.stream().anyMatch(network -> network.matches(socket));
        } catch (UnknownHostException never) {
            return false;
        }
    }
}
