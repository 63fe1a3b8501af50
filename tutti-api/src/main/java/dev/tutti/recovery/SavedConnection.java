package dev.tutti.recovery;

import dev.tutti.stream.Json;
import java.util.UUID;

/**
 * A connection as it can be continued.
 *
 * @param key names it, 1 to 64 characters; not what the client shows, but something that can be told from it
 * @param owner the process that has it
 * @param claim how many instances have had it, this one counted: who has had it before changes nothing any more
 * @param state what it is like
 */
public record SavedConnection(String key, UUID owner, long claim, Json state) {
    /** The same connection, changed. */
    public SavedConnection with(Json changed) {
        return new SavedConnection(key, owner, claim, changed);
    }
}
