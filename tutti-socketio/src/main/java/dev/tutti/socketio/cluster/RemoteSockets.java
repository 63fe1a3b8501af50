package dev.tutti.socketio.cluster;

import dev.tutti.concurrent.Failures;
import dev.tutti.core.InstanceId;
import dev.tutti.socket.Principal;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.ack.BroadcastAck.Told;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import dev.tutti.socketio.wire.PlainValues;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Descriptions of sockets, as one instance tells them to another. Safe for use by many threads. */
final class RemoteSockets {
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
    Told write(Collection<? extends Socket> sockets) {
        return new Told(sockets.stream().map(this::write).toList(), true);
    }

    private Body write(Socket socket) {
        try {
            return payloads.write(row(socket, PlainValues.of(socket.data())));
        } catch (RuntimeException unwritable) { // the application's data, which it may be changing just now
            Failures.note("Telling another instance the data of a socket", unwritable);
            return payloads.write(row(socket, Map.of()));
        }
    }

    private Row row(Socket socket, Map<String, Object> attributes) {
        Principal principal = socket.principal();
        return new Row(
                socket.id(),
                instance.value(),
                socket.handshake().address(),
                socket.rooms(),
                principal.id(),
                principal.session(),
                principal.until().getEpochSecond(),
                attributes);
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
                PlainValues.present(row.attributes()));
    }
}
