package dev.tutti.socketio.recovery;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a socket that can come back: each change is kept before it is made. Its views cannot be changed. Safe
 * for use by many threads; changes block, and come one after the other.
 */
final class RecoverableAttributes extends AbstractMap<String, Object> implements ConcurrentMap<String, Object> {
    private final RecoverableState state;

    RecoverableAttributes(RecoverableState state) {
        this.state = state;
    }

    @Override
    public @Nullable Object get(Object key) {
        return state.now().get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return state.now().containsKey(key);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return state.now().entrySet();
    }

    @Override
    public @Nullable Object put(String key, Object value) {
        return state.change(all -> all.put(key, value));
    }

    @Override
    public void putAll(Map<? extends String, ?> more) {
        state.<@Nullable Void>change(all -> {
            all.putAll(more);
            return null;
        });
    }

    @Override
    public @Nullable Object remove(Object key) {
        return state.change(all -> all.remove(key));
    }

    @Override
    public void clear() {
        state.<@Nullable Void>change(all -> {
            all.clear();
            return null;
        });
    }

    @Override
    public @Nullable Object putIfAbsent(String key, Object value) {
        return state.change(all -> all.putIfAbsent(key, value));
    }

    @Override
    public boolean remove(Object key, Object value) {
        return state.change(all -> all.remove(key, value));
    }

    @Override
    public boolean replace(String key, Object before, Object value) {
        return state.change(all -> all.replace(key, before, value));
    }

    @Override
    public @Nullable Object replace(String key, Object value) {
        return state.change(all -> all.replace(key, value));
    }
}
