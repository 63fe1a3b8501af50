package dev.tutti.recovery;

import dev.tutti.stream.Json;
import java.util.UUID;

/**
 * A connection in a form from which it can be continued.
 *
 * @param key its name, 1 to 64 characters. It is derived from the secret that the client presents, and is not this secret
 * @param owner the process that has it
 * @param claim the number of instances that have had it, including this one; earlier owners can no longer change it
 * @param state its state
 */
public record SavedConnection(String key, UUID owner, long claim, Json state) {
    /** The same connection with another state. */
    public SavedConnection with(Json changed) {
        return new SavedConnection(key, owner, claim, changed);
    }
}
