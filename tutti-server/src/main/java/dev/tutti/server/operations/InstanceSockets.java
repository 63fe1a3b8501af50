package dev.tutti.server.operations;

import dev.tutti.core.InstanceId;
import dev.tutti.socket.Namespace;
import java.util.Map;

/** Tells every socket which instance it is connected to, in its first message: {@code instance {id}}. */
public final class InstanceSockets {
    private InstanceSockets() {}

    /** Does so in {@code namespace}, as {@code instance}. */
    public static void add(Namespace namespace, InstanceId instance) {
        Map<String, Object> told = Map.of("id", instance.value());
        namespace.onConnection(socket -> socket.emit("instance", told));
    }
}
