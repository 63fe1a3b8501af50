package dev.tutti.edge.socketio;

import dev.tutti.core.InstanceId;
import dev.tutti.edge.socketio.Gathering.Told;
import dev.tutti.socket.Principal;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.stream.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What one instance tells another of its sockets. Pure. */
final class RemoteSockets {
    private static final int DEPTH = 16;

    /** {@code until} in seconds, because JSON has no {@link Instant#MAX}. */
    private record Row(
            String id,
            String instance,
            String address,
            Set<String> rooms,
            String principal,
            String session,
            long until,
            Map<String, Object> attributes) {}

    private final Payloads payloads;
    private final InstanceId instance;

    RemoteSockets(Payloads payloads, InstanceId instance) {
        this.payloads = payloads;
        this.instance = instance;
    }

    /** {@code sockets} of this instance. */
    Told write(Collection<ServerSocket> sockets) {
        return new Told(sockets.stream().map(this::write).toList(), true);
    }

    private Body write(ServerSocket socket) {
        Principal principal = socket.principal();
        return payloads.write(new Row(
                socket.id(),
                instance.value(),
                socket.handshake().address(),
                socket.rooms(),
                principal.id(),
                principal.session(),
                principal.until().getEpochSecond(),
                plain(socket.attributes())));
    }

    /** What else an application keeps there may be anything, and is for itself. */
    private static Map<String, Object> plain(Map<String, Object> attributes) {
        Map<String, Object> some = new HashMap<>(attributes);
        some.values().removeIf(value -> !isPlain(value, 0));
        return some;
    }

    private static boolean isPlain(Object value, int depth) {
        return switch (value) {
            case Boolean _, Number _, String _, byte[] _, Json _ -> true;
            case Collection<?> values -> depth < DEPTH && values.stream().allMatch(each -> isPlain(each, depth + 1));
            case Map<?, ?> values ->
                depth < DEPTH && values.values().stream().allMatch(each -> isPlain(each, depth + 1));
            default -> false;
        };
    }

    /** A socket that this or another instance wrote. */
    RemoteSocket read(Body body) {
        Row row = payloads.convert(payloads.value(body), Row.class);
        Instant until = row.until() >= Instant.MAX.getEpochSecond() ? Instant.MAX : Instant.ofEpochSecond(row.until());
        return new RemoteSocket(
                row.id(),
                row.instance(),
                row.address(),
                row.rooms(),
                new Principal(row.principal(), row.session(), until),
                row.attributes());
    }
}
