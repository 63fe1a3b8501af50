package dev.tutti.server.operations;

import dev.tutti.core.InstanceId;
import dev.tutti.member.Members;
import dev.tutti.socket.Namespace;
import java.util.Map;

/** Tells every socket which instance it is connected to, in its first message: {@code instance {id, others}}. */
public final class InstanceSockets {
    private InstanceSockets() {}

    /** Does so in {@code namespace}, as {@code instance}, with how many others there are beside it. */
    public static void add(Namespace namespace, InstanceId instance, Members members) {
        namespace.onConnection(socket -> socket.emit(
                "instance",
                Map.of("id", instance.value(), "others", members.others().size())));
    }
}
