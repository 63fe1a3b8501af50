package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.Namespace;
import dev.tutti.socketio.SocketIoServer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The routes of {@code /api/server/*}: the requests of programs, beside those that read and append to streams, which go where those of
 * people go. Each request shows a key that allows it. Safe for use by many threads.
 */
public final class ServerRoutes {
    private static final int MAX_ROOMS = 1_000;
    private static final int MAX_DATA = 100;
    private static final int MAX_CAPABILITIES = 100;
    private static final int LONGEST_ROOM = 200;
    private static final List<Action> EMITTING = List.of(Action.EMIT);
    private static final List<Action> DISCONNECTING = List.of(Action.DISCONNECT, Action.EMIT);

    /** The room of all sockets of a person. */
    private static final Pattern PERSON = Pattern.compile("user:([A-Za-z0-9._-]{1,64})");

    private final Identities identities;
    private final ApiKeys keys;
    private final SocketIoServer sockets;
    private final Consumer<String> disconnect;

    /**
     * Routes of programs to {@code sockets}; {@code disconnect} cuts what else a person, by their id, is connected with, and does not
     * block.
     */
    public ServerRoutes(Identities identities, ApiKeys keys, SocketIoServer sockets, Consumer<String> disconnect) {
        this.identities = identities;
        this.keys = keys;
        this.sockets = sockets;
        this.disconnect = disconnect;
    }

    /** Adds them. */
    public void routes(Routes routes) {
        identities
                .programs(routes)
                .on("POST", "/api/server/emit", this::emit)
                .on("POST", "/api/server/rooms/join", (request, key) -> move(request, key, Emitter::join))
                .on("POST", "/api/server/rooms/leave", (request, key) -> move(request, key, Emitter::leave))
                .on("POST", "/api/server/disconnect", this::disconnect);
        routes.through(identities.programs(Action.KEYS, "*"))
                .on("GET", "/api/server/keys", this::list)
                .on("POST", "/api/server/keys", this::create)
                .on("DELETE", "/api/server/keys/:id", this::revoke);
    }

    private record Emission(
            @Nullable String namespace,
            @Nullable List<String> to,
            @Nullable List<String> except,
            @Nullable String event,
            @Nullable List<@Nullable Object> data) {}

    private Reply emit(Request request, ApiKey key) {
        Emission body = request.body(Emission.class);
        String event = Input.text("event", body.event(), 1, 200);
        List<@Nullable Object> data = body.data() == null ? List.of() : body.data();
        if (data.size() > MAX_DATA) {
            throw Input.refused("data has " + data.size() + " values; allowed are " + MAX_DATA);
        }
        addressed(key, EMITTING, body.namespace(), body.to(), body.except()).emit(event, data.toArray());
        return Reply.empty();
    }

    private record Move(
            @Nullable String namespace,
            @Nullable List<String> to,
            @Nullable String room) {}

    private interface Moving {
        void move(Emitter whom, String room);
    }

    private Reply move(Request request, ApiKey key, Moving moving) {
        Move body = request.body(Move.class);
        String room = Input.text("room", body.room(), 1, LONGEST_ROOM);
        Emitter whom = addressed(key, EMITTING, body.namespace(), required(body.to()), null);
        key.require(Action.EMIT, place(body.namespace(), room));
        moving.move(whom, room);
        return Reply.empty();
    }

    private record Disconnection(
            @Nullable String namespace, @Nullable List<String> to) {}

    private Reply disconnect(Request request, ApiKey key) {
        Disconnection body = request.body(Disconnection.class);
        List<String> rooms = required(body.to());
        addressed(key, DISCONNECTING, body.namespace(), rooms, null).disconnect();
        if (isMain(body.namespace())) {
            List<String> people = rooms.stream()
                    .map(PERSON::matcher)
                    .filter(Matcher::matches)
                    .map(person -> person.group(1))
                    .toList();
            if (rooms.size() == 1) {
                people.forEach(AuditTrail::about);
            }
            people.forEach(disconnect);
        }
        return Reply.empty();
    }

    private static List<String> required(@Nullable List<String> rooms) {
        if (rooms == null || rooms.isEmpty()) {
            throw Input.refused("to is missing or empty; it names the rooms whose sockets are meant");
        }
        return rooms;
    }

    /** The sockets that a request means, if {@code key} allows one of {@code actions} with all of that. */
    private Emitter addressed(
            ApiKey key,
            List<Action> actions,
            @Nullable String name,
            @Nullable List<String> to,
            @Nullable List<String> except) {
        List<String> rooms = to == null ? List.of() : to;
        List<String> others = except == null ? List.of() : except;
        if (rooms.size() + others.size() > MAX_ROOMS) {
            throw Input.refused(
                    rooms.size() + others.size() + " rooms are named; allowed are " + MAX_ROOMS + " in one request");
        }
        if (rooms.isEmpty()) {
            requireOne(key, actions, place(name, "*"));
        }
        Emitter whom = namespace(name);
        for (String room : rooms) {
            requireOne(key, actions, place(name, Input.text("to", room, 1, LONGEST_ROOM)));
            whom = whom.to(room);
        }
        for (String room : others) {
            whom = whom.except(Input.text("except", room, 1, LONGEST_ROOM));
        }
        return whom;
    }

    /** The first is the one that is asked for where none is there. */
    private static void requireOne(ApiKey key, List<Action> actions, String place) {
        if (actions.stream().noneMatch(action -> key.allows(action, place))) {
            key.require(actions.getFirst(), place);
        }
    }

    private static boolean isMain(@Nullable String namespace) {
        return namespace == null || namespace.equals("/");
    }

    private Namespace namespace(@Nullable String name) {
        String wanted = name == null ? "/" : name;
        return sockets.existing(wanted)
                .orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "there is no namespace " + wanted));
    }

    /**
     * A room as capabilities name it: {@code /room}, or {@code /namespace/room}. One with a slash in it could be taken for one of
     * another namespace, so that it needs the capability for all.
     */
    static String place(@Nullable String namespace, String room) {
        if (room.indexOf('/') >= 0) {
            return "*";
        }
        return isMain(namespace) ? "/" + room : namespace + "/" + room;
    }

    private record KeyResponse(
            String id,
            String name,
            List<String> capabilities,
            Instant createdAt,
            @Nullable Instant usedAt) {}

    private Reply list(Request request) {
        return Reply.ok(
                Map.of("keys", keys.list().stream().map(ServerRoutes::shown).toList()));
    }

    private record KeyRequest(
            @Nullable String name, @Nullable List<String> capabilities) {}

    private Reply create(Request request) {
        KeyRequest body = request.body(KeyRequest.class);
        String name = Input.label("name", body.name(), 1, 64);
        List<String> texts = body.capabilities() == null ? List.of() : body.capabilities();
        if (texts.isEmpty() || texts.size() > MAX_CAPABILITIES) {
            throw Input.refused("capabilities has " + texts.size() + " entries; allowed are 1 to " + MAX_CAPABILITIES);
        }
        ApiKeys.CreatedKey made =
                keys.create(name, texts.stream().map(Capability::parse).toList());
        return Reply.created(Map.of("key", shown(made.key()), "token", made.token()));
    }

    private Reply revoke(Request request) {
        if (!keys.revoke(request.segment("id"))) {
            throw new TuttiException(ErrorCode.NOT_FOUND, "there is no such key, or it was revoked");
        }
        return Reply.empty();
    }

    private static KeyResponse shown(ApiKey key) {
        return new KeyResponse(
                key.id(),
                key.name(),
                key.capabilities().stream().map(Capability::toString).toList(),
                key.createdAt(),
                key.usedAt());
    }
}
