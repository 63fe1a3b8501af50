package dev.tutti.redis;

import dev.tutti.session.AttributeStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Attributes of sessions on Redis, a hash for each session with a field for each attribute; each method is one script. All names that
 * a session may have are in one slot of a cluster. Safe for use by many threads; blocks for a second at most.
 */
final class RedisAttributeStore extends RedisStore implements AttributeStore {
    private static final String MOVE = "session-move.lua";
    private static final RedisScript READ = RedisScript.of(MOVE, "session-read.lua");
    private static final RedisScript CHANGE = RedisScript.of(MOVE, "session-change.lua");
    private static final RedisScript REPLACE = RedisScript.of(MOVE, "session-replace.lua");
    private static final RedisScript REMOVE = RedisScript.of(MOVE, "session-remove.lua");

    RedisAttributeStore(RedisSettings settings, Duration firstTry) {
        super(settings, "session", RedisUse.SESSIONS, firstTry);
    }

    @Override
    public Map<String, byte[]> read(Key session, Duration ttl) {
        List<Object> answer = run(READ, session, List.of(bytes(ttl.toMillis())));
        Map<String, byte[]> attributes = new HashMap<>();
        for (int at = 0; at < answer.size(); at += 2) {
            attributes.put(new String((byte[]) answer.get(at), StandardCharsets.UTF_8), (byte[]) answer.get(at + 1));
        }
        return attributes;
    }

    @Override
    public boolean change(Key session, Map<String, byte[]> set, Set<String> removed, int mostBytes, Duration ttl) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(ttl.toMillis()));
        arguments.add(bytes(MAX_NAMES));
        arguments.add(bytes(mostBytes));
        arguments.add(bytes(removed.size()));
        removed.forEach(name -> arguments.add(bytes(name)));
        set.forEach((name, value) -> {
            arguments.add(bytes(name));
            arguments.add(value);
        });
        return (Long) run(CHANGE, session, arguments).getFirst() == 1;
    }

    @Override
    public void replace(Key session, Map<String, byte[]> known, Map<String, byte[]> values) {
        List<byte[]> arguments = new ArrayList<>();
        values.forEach((name, value) -> {
            arguments.add(bytes(name));
            arguments.add(known.get(name));
            arguments.add(value);
        });
        var _ = run(REPLACE, session, arguments);
    }

    @Override
    public void remove(Key session) {
        var _ = run(REMOVE, session, List.of());
    }

    private List<Object> run(RedisScript script, Key session, List<byte[]> arguments) {
        String[] keys = session.names().stream()
                .map(name -> key("{" + session.part() + "}:" + name))
                .toArray(String[]::new);
        return answer(script, keys, arguments.toArray(byte[][]::new));
    }
}
