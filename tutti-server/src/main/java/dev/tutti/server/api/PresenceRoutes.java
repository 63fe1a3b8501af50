package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.presence.Presence;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socketio.SocketIoServer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The route {@code GET /api/server/presence}, which tells who is connected, over all instances: in a room of Socket.IO, or
 * under a topic of the application, which the query calls {@code place}. Each request shows a key that allows it. Safe for use by many threads.
 */
public final class PresenceRoutes {
    private static final int MAX_USERS = 200;
    private static final int USUAL_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    private static final int LONGEST_ROOM = 200;
    private static final String USER_ROOM = "/user:"; // the room of all sockets of one, as capabilities name it

    private static final Pattern USER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Topics that capabilities can name, and that are not written as rooms. */
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._~:-][A-Za-z0-9._~:/-]*");

    private final Identities identities;
    private final Presence presence;
    private final SocketIoServer sockets;

    /** Routes of programs, known by {@code identities}, to {@code presence} and {@code sockets}. */
    public PresenceRoutes(Identities identities, Presence presence, SocketIoServer sockets) {
        this.identities = identities;
        this.presence = presence;
        this.sockets = sockets;
    }

    /** Adds them. */
    public void routes(Routes routes) {
        identities.programs(routes).on("GET", "/api/server/presence", this::asked);
    }

    private record PresenceResponse(List<String> users, int count, boolean more) {}

    private Reply asked(Request request, ApiKey key) {
        Optional<String> users = request.query("users");
        Optional<String> room = request.query("room");
        Optional<String> topic = request.query("place");
        if (Stream.of(users, room, topic).filter(Optional::isPresent).count() > 1) {
            throw Input.refused("users, room and place are asked for together; one of them may be");
        }
        String after = request.query("after")
                .map(text -> Input.text("after", text, 0, Presence.MAX_NAME))
                .orElse("");
        int limit = Input.limit(request.query("limit"), USUAL_PAGE, MAX_PAGE);
        Set<String> there = users.map(ids -> among(ids, key))
                .or(() -> room.map(name -> inRoom(request.query("namespace").orElse(null), name, key)))
                .or(() -> topic.map(name -> under(name, key)))
                .orElseGet(() -> everybody(key));
        List<String> page = there.stream()
                .filter(id -> id.compareTo(after) > 0)
                .sorted()
                .limit(limit + 1L)
                .toList();
        boolean more = page.size() > limit;
        return Reply.ok(new PresenceResponse(more ? page.subList(0, limit) : page, there.size(), more));
    }

    private Set<String> among(String text, ApiKey key) {
        List<String> ids = List.of(text.split(",", -1));
        if (ids.size() > MAX_USERS) {
            throw Input.refused("users are " + ids.size() + "; at most " + MAX_USERS + " may be");
        }
        for (String id : ids) {
            key.require(Action.PRESENCE, USER_ROOM + Input.form("users", id, USER, "ids with commas between"));
        }
        return ids.stream()
                .filter(id -> presence.isOnline(Presence.EVERYWHERE, id))
                .collect(Collectors.toSet());
    }

    /** It is not kept who is in a room: all instances are asked. */
    private Set<String> inRoom(@Nullable String namespace, String name, ApiKey key) {
        String room = Input.text("room", name, 1, LONGEST_ROOM);
        key.require(Action.PRESENCE, ServerRoutes.place(namespace, room));
        String wanted = namespace == null ? "/" : namespace;
        Namespace where = sockets.existing(wanted)
                .orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "there is no namespace " + wanted));
        return found(where.to(room).fetchSockets()).stream()
                .map(socket -> socket.principal().id())
                .collect(Collectors.toSet());
    }

    private static List<RemoteSocket> found(CompletableFuture<List<RemoteSocket>> sockets) {
        try {
            return sockets.join(); // which takes five seconds at most
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof TuttiException known) {
                throw known;
            }
            throw new TuttiException(ErrorCode.INTERNAL, "the room could not be looked up", failure.getCause());
        }
    }

    private Set<String> under(String name, ApiKey key) {
        String topic = Input.text("place", name, 1, Presence.MAX_NAME);
        key.require(Action.PRESENCE, TOPIC.matcher(topic).matches() ? topic : "*");
        return presence.online(topic);
    }

    private Set<String> everybody(ApiKey key) {
        key.require(Action.PRESENCE, USER_ROOM + "*");
        return presence.online(Presence.EVERYWHERE);
    }
}
