package dev.tutti.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The masters of the slots of a cluster, as its nodes say; where they differ the one with the newest epoch is right. */
final class RedisSlots {
    private final RedisAddress.@Nullable Host[] masters = new RedisAddress.@Nullable Host[SlotHash.SLOT_COUNT];
    private final long[] epochs = new long[SlotHash.SLOT_COUNT];

    private RedisSlots() {}

    /**
     * The slots as {@code nodes} say, or, if none of them answers, the first of {@code others} that does.
     * Blocks.
     *
     * @throws RedisException if nobody answers
     */
    static RedisSlots of(
            Map<RedisAddress.Host, RedisNode> nodes,
            Collection<RedisAddress.Host> others,
            RedisConnector connector,
            RedisAddress address) {
        Map<RedisAddress.Host, CompletableFuture<String>> asked = new LinkedHashMap<>();
        nodes.forEach((host, node) -> asked.put(host, node.nodes().toCompletableFuture()));
        boolean _ = Futures.done(
                CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new)), RedisConnector.PATIENCE);
        RedisSlots slots = new RedisSlots();
        asked.forEach((host, answer) -> {
            if (answer.state() == CompletableFuture.State.SUCCESS) {
                slots.hear(host, answer.resultNow());
            }
        });
        if (asked.values().stream().anyMatch(answer -> answer.state() == CompletableFuture.State.SUCCESS)) {
            return slots;
        }
        RedisException failure = new RedisException("no node to ask");
        for (RedisAddress.Host host : others) {
            try (StatefulRedisConnection<String, byte[]> connection = connector.connect(address.at(host))) {
                slots.hear(host, connection.sync().clusterNodes());
                return slots;
            } catch (RedisException away) {
                failure = RedisFailure.isRefusal(failure) ? failure : away; // it says more than a node that is away
            }
        }
        throw failure;
    }

    /** The master of {@code slot}; null if nobody knew one. */
    RedisAddress.@Nullable Host master(int slot) {
        return masters[slot];
    }

    /** Takes what {@code witness} answered to {@code CLUSTER NODES}. */
    private void hear(RedisAddress.Host witness, String nodes) {
        for (RedisClusterNode node : ClusterPartitionParser.parse(nodes)) {
            if (node.is(RedisClusterNode.NodeFlag.UPSTREAM)) {
                RedisURI uri = node.getUri();
                // a node that has never been met does not know what the others call it
                RedisAddress.Host host = uri == null || uri.getHost().isEmpty()
                        ? witness
                        : new RedisAddress.Host(uri.getHost(), uri.getPort());
                node.forEachSlot(slot -> {
                    if (masters[slot] == null || node.getConfigEpoch() > epochs[slot]) {
                        masters[slot] = host;
                        epochs[slot] = node.getConfigEpoch();
                    }
                });
            }
        }
    }
}
