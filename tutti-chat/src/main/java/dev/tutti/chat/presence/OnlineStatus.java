package dev.tutti.chat.presence;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Accounts;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.core.input.Input;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.postgres.sql.Database;
import dev.tutti.presence.Presence;
import dev.tutti.presence.Presence.Change;
import dev.tutti.presence.Presence.Registration;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people which of those they are interested in are online: have a Socket.IO connection to any instance. A client
 * names those it watches, so that somebody's coming costs as many messages as there are people who watch them, however many
 * share a room with them. Safe for use by many threads.
 */
public final class OnlineStatus {
    private static final Logger log = LoggerFactory.getLogger(OnlineStatus.class);
    private static final int MOST_WATCHED = 200;
    private static final int TOLD_TOGETHER = 100; // as an emitter copies its list with each one that is added
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private record Watch(@Nullable List<@Nullable String> users) {}

    private final Presence presence;
    private final Members members;
    private final Accounts accounts;
    private final LastSeen lastSeen;
    private final Clock clock;
    private final Map<String, Set<Socket>> watchers = new ConcurrentHashMap<>();
    private final Map<Socket, Set<String>> watched = new ConcurrentHashMap<>();
    private final Map<String, Boolean> news = new LinkedHashMap<>(); // who is online now, to be told; guarded by itself
    private final Executor telling;
    private boolean due; // whether a task that tells is to come; guarded by news

    /** Of {@code accounts}' people; when they were seen last is kept in {@code database}. */
    public OnlineStatus(Presence presence, Members members, DataSource database, Accounts accounts, Clock clock) {
        this(presence, members, database, accounts, clock, new SerialExecutor("tutti-online-status"));
    }

    /** The same, which tells by {@code telling}, one task at a time. */
    OnlineStatus(
            Presence presence, Members members, DataSource database, Accounts accounts, Clock clock, Executor telling) {
        this.telling = telling;
        this.presence = presence;
        this.members = members;
        this.accounts = accounts;
        this.clock = clock;
        this.lastSeen = new LastSeen(new Database(database));
        presence.watch(this::changed);
    }

    /** Notes who is connected to {@code namespace}, into which {@link Accounts#sockets} lets people. */
    public void sockets(Namespace namespace) {
        namespace.onConnection(this::connected);
    }

    /** Adds {@code GET /api/presence?users=…}. */
    public void routes(Routes routes) {
        routes.through(Filter.authenticated(accounts)).on("GET", "/api/presence", this::asked);
    }

    private void connected(Socket socket) {
        Registration registration =
                presence.enter(Presence.EVERYWHERE, socket.principal().id());
        socket.onDisconnect(reason -> {
            watch(socket, Set.of());
            if (reason == DisconnectReason.CLIENT || reason == DisconnectReason.CONNECTION_CLOSED) {
                registration.close();
            } else {
                registration.lost();
            }
        });
        socket.on("presence:watch", message -> watch(socket, message));
    }

    private void watch(Socket socket, Message message) {
        Set<String> users = users(message.as(0, Watch.class).users());
        watch(socket, users);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("ok", true);
        answer.putAll(describe(users));
        message.reply(answer);
    }

    private void watch(Socket socket, Set<String> users) {
        Set<String> before = users.isEmpty() ? watched.remove(socket) : watched.put(socket, users);
        if (before != null) {
            before.forEach(user -> watchers.computeIfPresent(user, (_, sockets) -> {
                sockets.remove(socket);
                return sockets.isEmpty() ? null : sockets;
            }));
        }
        users.forEach(user -> watchers.compute(user, (_, known) -> {
            Set<Socket> sockets = known == null ? ConcurrentHashMap.newKeySet(1) : known;
            sockets.add(socket);
            return sockets;
        }));
    }

    private Reply asked(Request request) {
        String asked = request.query("users").orElse("");
        return Reply.ok(describe(users(asked.isEmpty() ? List.of() : List.of(asked.split(",", -1)))));
    }

    private static Set<String> users(@Nullable List<? extends @Nullable String> ids) {
        if (ids == null) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "users is missing");
        }
        if (ids.size() > MOST_WATCHED) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST, "users are " + ids.size() + "; at most " + MOST_WATCHED + " may be");
        }
        ids.forEach(id -> Input.form("users", id, ID, "ids"));
        return Set.copyOf(ids.stream().map(String::valueOf).toList());
    }

    private Map<String, Object> describe(Collection<String> users) {
        List<String> online = users.stream()
                .filter(user -> presence.isOnline(Presence.EVERYWHERE, user))
                .toList();
        List<String> away =
                users.stream().filter(user -> !online.contains(user)).toList();
        return Map.of("online", online, "lastSeen", lastSeen.of(away));
    }

    /**
     * Changes that come while something is being told are told together, of each person the last. Where the task for them is refused, the
     * next change has them told.
     */
    private void changed(List<Change> changes) {
        synchronized (news) {
            changes.stream()
                    .filter(change -> change.topic().equals(Presence.EVERYWHERE))
                    .forEach(change -> news.put(change.user(), change.online()));
            if (!due && !news.isEmpty()) {
                telling.execute(this::tell);
                due = true;
            }
        }
    }

    private void tell() {
        Map<String, Boolean> changes;
        synchronized (news) {
            due = false;
            changes = new LinkedHashMap<>(news);
            news.clear();
        }
        List<String> gone = changes.keySet().stream()
                .filter(user -> !changes.getOrDefault(user, true))
                .toList();
        if (!gone.isEmpty() && isFirst()) {
            try {
                lastSeen.note(gone);
            } catch (TuttiException away) {
                log.warn("When {} people were seen last could not be noted: {}", gone.size(), away.getMessage());
            }
        }
        Instant now = clock.instant();
        changes.forEach((user, online) -> {
            Map<String, Object> told = new HashMap<>(Map.of("user", user, "online", online));
            if (!online) {
                told.put("lastSeen", now);
            }
            watchers.getOrDefault(user, Set.of()).stream()
                    .collect(Collectors.groupingBy(Socket::namespace))
                    .forEach((namespace, sockets) -> send(namespace, sockets, told));
        });
    }

    /** As one message to many, which is encoded once for each event loop. */
    private static void send(Namespace namespace, List<Socket> sockets, Map<String, Object> told) {
        for (int from = 0; from < sockets.size(); from += TOLD_TOGETHER) {
            Emitter some = namespace.ephemeral();
            for (Socket socket : sockets.subList(from, Math.min(from + TOLD_TOGETHER, sockets.size()))) {
                some = some.to(socket.id());
            }
            some.emit("presence", told);
        }
    }

    /** One instance notes for all. */
    private boolean isFirst() {
        return members.others().stream().allMatch(other -> Member.ORDER.compare(members.self(), other) < 0);
    }
}
