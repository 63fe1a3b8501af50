package dev.tutti.core.presence;

import dev.tutti.presence.Presence.Change;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The knowledge of one instance about who is where: its own users, and for each other instance what that one says of its own.
 * Instances tell each other differences, numbered by revision; an instance that has a hole asks for the whole. Pure; times are
 * given in nanoseconds of one monotonic clock. Not safe for use by several threads.
 */
final class PresenceState {
    private static final int MOST_ENDED = 1_000;

    /** The changes that an instance has to tell since it last spoke. */
    record Difference(long from, long to, Set<PresenceKey> came, Set<PresenceKey> went) {}

    /** The users of an instance that has left. */
    record Departed(List<PresenceKey> keys, long until) {}

    /** The users of another instance as it told them, and until when that counts. */
    private static final class InstanceReplica {
        private final Set<PresenceKey> keys = new HashSet<>();
        private long revision;
        private long until = Long.MAX_VALUE;
        private boolean known; // whether it has told all once
        private boolean heardOf; // from others, as it had left before
    }

    private final Map<PresenceKey, Integer> registrations = new HashMap<>();
    private final Map<PresenceKey, Long> fading = new HashMap<>(); // no registration any more, but there until then
    private final Set<PresenceKey> told = new HashSet<>();
    private final Map<UUID, InstanceReplica> replicas = new HashMap<>();
    private final LinkedHashSet<UUID> ended = new LinkedHashSet<>(); // those whose users were let go last
    private final Map<String, Map<String, Integer>> holders = new HashMap<>(); // topic, user, number of instances
    private final Set<PresenceKey> shown = new HashSet<>();
    private final Set<PresenceKey> touched = new LinkedHashSet<>();
    private final Set<PresenceKey> untold = new LinkedHashSet<>();
    private long revision;

    /** One registration more. */
    void enter(PresenceKey key) {
        if (registrations.merge(key, 1, Integer::sum) == 1 && fading.remove(key) == null) {
            hold(key);
            untold.add(key);
        }
    }

    /** One registration less; the last one lasts until {@code until}. */
    void leave(PresenceKey key, long until) {
        registrations.computeIfPresent(key, (_, count) -> {
            if (count > 1) {
                return count - 1;
            }
            fading.put(key, until);
            return null;
        });
    }

    /** Lets go, by {@code now}, all that have no registration any more. */
    void fade(long now) {
        fading.replaceAll((_, until) -> until - now > 0 ? now : until);
    }

    /** Lets end what was to end until now. */
    void pass(long now) {
        fading.entrySet().removeIf(entry -> {
            if (entry.getValue() - now > 0) {
                return false;
            }
            release(entry.getKey());
            untold.add(entry.getKey());
            return true;
        });
        List.copyOf(replicas.keySet()).forEach(instance -> {
            InstanceReplica replica = replicas.get(instance);
            if (replica != null && replica.until != Long.MAX_VALUE && replica.until - now <= 0) {
                forget(instance);
                ended(instance);
            }
        });
    }

    /** Lets go the users of another instance, until somebody says more of it. */
    void forget(UUID instance) {
        InstanceReplica replica = replicas.remove(instance);
        if (replica != null) {
            replica.keys.forEach(this::release);
        }
    }

    private void ended(UUID instance) {
        ended.add(instance);
        if (ended.size() > MOST_ENDED) {
            ended.removeFirst();
        }
    }

    /** Takes the changes among this instance's own users that others were not told; without anybody if there are none. */
    Difference difference() {
        Set<PresenceKey> came = new LinkedHashSet<>();
        Set<PresenceKey> went = new LinkedHashSet<>();
        for (PresenceKey key : untold) {
            boolean here = registrations.containsKey(key) || fading.containsKey(key);
            if (here && told.add(key)) {
                came.add(key);
            } else if (!here && told.remove(key)) {
                went.add(key);
            }
        }
        untold.clear();
        long from = revision;
        if (!came.isEmpty() || !went.isEmpty()) {
            revision++;
        }
        return new Difference(from, revision, came, went);
    }

    /** How often this instance has had something to tell. */
    long revision() {
        return revision;
    }

    /** All that it has told. */
    Set<PresenceKey> told() {
        return Collections.unmodifiableSet(told);
    }

    /** Takes another instance's difference; false if something before it is missing. */
    boolean apply(UUID instance, Difference difference) {
        InstanceReplica replica = replicas.computeIfAbsent(instance, _ -> new InstanceReplica());
        if (difference.to() <= replica.revision) {
            return true; // the whole came first
        }
        if (difference.from() != replica.revision || (!replica.known && difference.from() != 0)) {
            return false;
        }
        difference.went().forEach(key -> remove(replica, key));
        difference.came().forEach(key -> add(replica, key));
        replica.revision = difference.to();
        replica.known = true;
        return true;
    }

    /** Takes all that another instance has told up to {@code revision}. */
    void replace(UUID instance, long revision, Collection<PresenceKey> keys) {
        InstanceReplica replica = replicas.computeIfAbsent(instance, _ -> new InstanceReplica());
        if (replica.known && revision < replica.revision) {
            return;
        }
        Set<PresenceKey> all = new HashSet<>(keys);
        List<PresenceKey> gone = new ArrayList<>(replica.keys);
        gone.removeAll(all);
        gone.forEach(key -> remove(replica, key));
        all.forEach(key -> add(replica, key));
        replica.revision = revision;
        replica.known = true;
    }

    /** Whether less is known of another instance than it had told by {@code revision}. */
    boolean isBehind(UUID instance, long revision) {
        InstanceReplica replica = replicas.get(instance);
        return revision > (replica == null ? 0 : replica.revision);
    }

    /** Another instance has gone; its users are there until {@code until}, in case that they come back. */
    void left(UUID instance, long until) {
        InstanceReplica replica = replicas.get(instance);
        if (replica != null) {
            replica.until = until;
        }
    }

    /** Takes some of the users of an instance that had left before this one came, who are there until {@code until}. */
    void former(UUID instance, Collection<PresenceKey> keys, long until) {
        if (ended.contains(instance)) {
            return;
        }
        InstanceReplica replica = replicas.computeIfAbsent(instance, _ -> {
            InstanceReplica heardOf = new InstanceReplica();
            heardOf.heardOf = true;
            heardOf.until = until;
            return heardOf;
        });
        if (replica.heardOf) {
            keys.forEach(key -> add(replica, key));
        }
    }

    /** The users of instances that have left, by instance, and until when they are there. */
    Map<UUID, Departed> departed() {
        Map<UUID, Departed> departed = new HashMap<>();
        replicas.forEach((instance, replica) -> {
            if (replica.until != Long.MAX_VALUE) {
                departed.put(instance, new Departed(List.copyOf(replica.keys), replica.until));
            }
        });
        return departed;
    }

    /** Another instance is there again, before its users were taken for gone. */
    void back(UUID instance) {
        InstanceReplica replica = replicas.get(instance);
        if (replica != null) {
            replica.until = Long.MAX_VALUE;
            replica.heardOf = false;
        }
    }

    /** The users who have come or gone since the last call. */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (PresenceKey key : touched) {
            boolean online = isOnline(key);
            if (online ? shown.add(key) : shown.remove(key)) {
                changes.add(new Change(key.topic(), key.user(), online));
            }
        }
        touched.clear();
        return changes;
    }

    boolean isOnline(PresenceKey key) {
        return holders.getOrDefault(key.topic(), Map.of()).containsKey(key.user());
    }

    Set<String> online(String topic) {
        return Set.copyOf(holders.getOrDefault(topic, Map.of()).keySet());
    }

    private void add(InstanceReplica replica, PresenceKey key) {
        if (replica.keys.add(key)) {
            hold(key);
        }
    }

    private void remove(InstanceReplica replica, PresenceKey key) {
        if (replica.keys.remove(key)) {
            release(key);
        }
    }

    private void hold(PresenceKey key) {
        if (holders.computeIfAbsent(key.topic(), _ -> new HashMap<>()).merge(key.user(), 1, Integer::sum) == 1) {
            touched.add(key);
        }
    }

    private void release(PresenceKey key) {
        Map<String, Integer> users = holders.getOrDefault(key.topic(), new HashMap<>());
        if (users.computeIfPresent(key.user(), (_, count) -> count == 1 ? null : count - 1) == null) {
            touched.add(key);
        }
        if (users.isEmpty()) {
            holders.remove(key.topic());
        }
    }
}
