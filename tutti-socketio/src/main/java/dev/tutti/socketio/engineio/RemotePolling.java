package dev.tutti.socketio.engineio;

import dev.tutti.TuttiException;
import dev.tutti.bus.Topics;
import dev.tutti.cluster.NodeTag;
import dev.tutti.cluster.Peers;
import dev.tutti.cluster.PendingRequests;
import dev.tutti.core.Tutti;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.member.Member;
import dev.tutti.member.MembershipListener;
import dev.tutti.protocol.Slice;
import dev.tutti.socketio.engineio.EngineRequest.Refusal;
import dev.tutti.socketio.engineio.ForwardMessage.Allowed;
import dev.tutti.socketio.engineio.ForwardMessage.AnswerNow;
import dev.tutti.socketio.engineio.ForwardMessage.Ask;
import dev.tutti.socketio.engineio.ForwardMessage.ForwardReply;
import dev.tutti.socketio.engineio.ForwardMessage.ForwardTaken;
import dev.tutti.socketio.engineio.ForwardMessage.Gone;
import dev.tutti.socketio.engineio.ForwardMessage.Lost;
import dev.tutti.socketio.engineio.ForwardMessage.Payload;
import dev.tutti.socketio.engineio.ForwardMessage.Poll;
import dev.tutti.socketio.engineio.ForwardMessage.Post;
import dev.tutti.socketio.engineio.ForwardMessage.Refused;
import dev.tutti.socketio.engineio.ForwardMessage.ToOwner;
import dev.tutti.socketio.engineio.ForwardMessage.Written;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests of polling clients to the instances that own their sessions, over the bus, and their answers back, so that
 * a balancer may send each request wherever it likes. A session's id names its owner. Safe for use by many threads.
 *
 * <p>A loss on the way ends the session, as a broken connection would: the request that waits for it is never
 * answered with success, so the client cannot go on behind a hole, and connects anew. A balancer may send a GET once more
 * when the instance it chose dies, and no owner may answer that with the packets that come next. It knows it by the id that clients
 * give each request; if a client gives none, it answers only after the other instance has said that it wrote the last answer.
 */
final class RemotePolling implements MembershipListener {
    /** Requests that came to other instances and wait for sessions of this one. */
    static final String FORWARDED = "tutti.polling.forwarded";

    static final int MOST = 10_000;

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LONGEST_ASK = Duration.ofSeconds(10);
    private static final int UNASKED_BYTES = 4 * 1024; // in one frame of the bus
    private static final Duration LONGEST_POST = Duration.ofMinutes(5); // while its session is held to its rate

    /** A request of another instance that waits for what a session here says. */
    private record Origin(NodeTag from, long number) {}

    private record Held(ForwardedRequest request, PollingRequests session) {}

    private final EngineSettings settings;
    private final Function<String, @Nullable PollingRequests> sessions;
    private final Peers peers;
    private final PendingRequests<ForwardReply> requests;
    private final Map<Origin, Held> held = new ConcurrentHashMap<>(); // three a session at most, others are refused
    private volatile boolean leaving;

    /** Between {@code tutti} and the others; {@code sessions} finds those of this instance. */
    RemotePolling(EngineSettings settings, Tutti tutti, Function<String, @Nullable PollingRequests> sessions) {
        this.settings = settings;
        this.sessions = sessions;
        this.peers = new Peers(tutti.members(), tutti.bus(), "engineio", this::heard);
        this.requests = new PendingRequests<>(MOST, peers::isOther);
        Gauge.builder(FORWARDED, held, Map::size)
                .description("Polling requests that came to other instances and wait for sessions of this one")
                .register(tutti.meters());
    }

    /** Begins to hear the others. */
    void start() {
        peers.start();
        peers.listen(this);
    }

    /** A new id for a session of this instance. */
    String newSid() {
        return peers.self().newId();
    }

    /** The other instance that owns session {@code sid}; empty if there is none. */
    Optional<NodeTag> owner(String sid) {
        return NodeTag.in(sid).filter(peers::isOther);
    }

    /** Lets {@code owner} answer a GET. Called on the request's loop. */
    void poll(DirectRequest request, NodeTag owner, String sid) {
        Duration longest = settings.pingInterval().plus(settings.pingTimeout()).plus(GRACE);
        PendingRequests<ForwardReply>.PendingRequest waiting = answeredBy(owner, request, longest);
        request.exchange().lasts(); // whether it waits there is not known here
        tell(owner, new Poll(peers.self(), waiting.number(), sid, request.id()));
        if (leaving) {
            tell(owner, new AnswerNow(peers.self(), waiting.number()));
        }
        request.exchange().atEnd(() -> {
            if (waiting.cancel()) {
                tell(owner, new Gone(peers.self(), waiting.number()));
            }
        });
    }

    /**
     * Lets {@code owner} answer a POST, when its body is there. A large one is read only if the owner allows it: anybody
     * can make up an id with its tag. Called on the request's loop.
     */
    void post(DirectRequest request, NodeTag owner, String sid) {
        int unasked = Math.min(UNASKED_BYTES, settings.maxPayload());
        if (request.hasAtMost(unasked)) {
            post(request, owner, sid, unasked);
            return;
        }
        PendingRequests<ForwardReply>.PendingRequest asking = requests.open(Set.of(owner), LONGEST_ASK);
        request.exchange().request().pause();
        long number = asking.number();
        request.exchange().atEnd(() -> {
            if (asking.cancel()) {
                tell(owner, new Lost(peers.self(), number, sid, false));
            }
        });
        var _ = asking.outcome().thenAccept(outcome -> {
            if (outcome.complete() && outcome.answers().getFirst() instanceof Allowed allowed) {
                int most = (int) Math.min(allowed.bytes(), settings.maxPayload());
                request.exchange().onLoop(() -> allowed(request, owner, sid, most));
                return;
            }
            request.refuse(Refusal.SESSION_UNKNOWN);
            if (!outcome.complete()) {
                tell(owner, new Lost(peers.self(), number, sid, false));
            }
        });
        tell(owner, new Ask(peers.self(), number, sid));
    }

    private void allowed(DirectRequest request, NodeTag owner, String sid, int most) {
        try {
            post(request, owner, sid, most);
        } catch (TuttiException overloaded) {
            request.exchange().request().resume();
            request.exchange().fail(overloaded);
        }
    }

    private void post(DirectRequest request, NodeTag owner, String sid, int most) {
        PendingRequests<ForwardReply>.PendingRequest waiting = answeredBy(owner, request, LONGEST_POST);
        long number = waiting.number();
        AtomicBoolean sent = new AtomicBoolean();
        request.body(
                most,
                body -> {
                    sent.set(true);
                    tell(owner, new Post(peers.self(), number, sid, body, request.id()));
                },
                tooLarge -> {
                    if (waiting.cancel()) {
                        tell(
                                owner,
                                sent.get()
                                        ? new Gone(peers.self(), number)
                                        : new Lost(peers.self(), number, sid, tooLarge));
                    }
                });
    }

    /** Waits for what {@code owner} says, and answers {@code request} so. */
    private PendingRequests<ForwardReply>.PendingRequest answeredBy(
            NodeTag owner, DirectRequest request, Duration longest) {
        PendingRequests<ForwardReply>.PendingRequest waiting = requests.open(Set.of(owner), longest);
        var _ = waiting.outcome().thenAccept(outcome -> {
            if (outcome.complete()) {
                answer(request, owner, outcome.answers().getFirst());
            } else {
                request.refuse(Refusal.SESSION_UNKNOWN);
                tell(owner, new Gone(peers.self(), waiting.number()));
            }
        });
        return waiting;
    }

    private void answer(DirectRequest request, NodeTag owner, ForwardReply reply) {
        switch (reply) {
            case Payload(long number, List<Slice> parts, boolean confirm) ->
                request.payload(parts.stream().map(Slice::bytes).toList(), written -> {
                    if (confirm) {
                        tell(owner, written ? new Written(peers.self(), number) : new Gone(peers.self(), number));
                    }
                });
            case ForwardTaken _ -> request.ok();
            case Allowed _ -> request.refuse(Refusal.BAD_REQUEST); // nobody asked
            case Refused refused -> request.refuse(refused.refusal());
        }
    }

    /** This instance leaves: what lets the owners answer each poll that waits here, so that none is lost. */
    Stream<Runnable> drainTasks() {
        leaving = true;
        return requests.waiting()
                .flatMap(each -> each.asked().stream()
                        .<Runnable>map(owner -> () -> tell(owner, new AnswerNow(peers.self(), each.number()))));
    }

    @Override
    public void left(Member member) {
        NodeTag gone = NodeTag.of(member.process());
        requests.left(gone);
        held.keySet().stream().filter(origin -> origin.from().equals(gone)).forEach(this::gone);
    }

    private void heard(byte[] frame) {
        switch (ForwardMessage.read(frame)) {
            case ForwardReply reply -> requests.answered(reply.number(), reply);
            case ToOwner asked -> asked(asked);
        }
    }

    private void asked(ToOwner asked) {
        switch (asked) {
            case Poll poll -> {
                @Nullable String id = poll.id();
                take(poll, poll.sid(), id == null ? "" : id, id != null, PollingRequests::poll);
            }
            case Post post ->
                take(post, post.sid(), post.id(), false, (session, request) -> {
                    if (session.mayPost(request)) {
                        request.atEnd(session.loop(), () -> session.postEnded(request, false));
                        session.post(request, post.body());
                    }
                });
            case Ask(NodeTag from, long number, String sid) -> {
                @Nullable PollingRequests session = sessions.apply(sid);
                if (session == null) {
                    tell(from, new Refused(number, Refusal.SESSION_UNKNOWN));
                } else {
                    EventLoops.later(session.loop(), () -> tell(from, new Allowed(number, session.maxBody())));
                }
            }
            case Lost lost ->
                take(lost, lost.sid(), "", false, (session, request) -> {
                    if (session.mayPost(request)) {
                        session.postEnded(request, lost.tooLarge());
                        request.settle(); // its client has its answer, or has gone
                    }
                });
            case Written(NodeTag from, long number) -> {
                @Nullable Held written = held.remove(new Origin(from, number));
                if (written != null) {
                    written.request().written();
                }
            }
            case Gone(NodeTag from, long number) -> gone(new Origin(from, number));
            case AnswerNow(NodeTag from, long number) -> {
                @Nullable Held hurried = held.get(new Origin(from, number));
                if (hurried != null) {
                    EventLoops.later(
                            hurried.session().loop(), () -> hurried.session().hurry(hurried.request()));
                }
            }
        }
    }

    private void take(
            ToOwner asked,
            String sid,
            String id,
            boolean confirms,
            BiConsumer<PollingRequests, ForwardedRequest> handle) {
        Origin origin = new Origin(asked.from(), asked.number());
        ForwardedRequest request = new ForwardedRequest(
                asked.number(), id, confirms, reply -> answer(origin, reply), () -> held.remove(origin));
        @Nullable PollingRequests session = sessions.apply(sid);
        if (session == null) {
            request.refuse(Refusal.SESSION_UNKNOWN);
            return;
        }
        held.put(origin, new Held(request, session));
        EventLoops.later(session.loop(), () -> handle.accept(session, request));
    }

    private void answer(Origin origin, ForwardReply reply) {
        byte[] frame = reply.frame();
        if (frame.length > Topics.MAX_PAYLOAD) {
            gone(origin);
            tell(origin.from(), new Refused(reply.number(), Refusal.SESSION_UNKNOWN));
            return;
        }
        if (!(reply instanceof Payload payload && payload.confirm())) {
            held.remove(origin);
        }
        peers.tell(origin.from(), frame);
    }

    private void gone(Origin origin) {
        @Nullable Held gone = held.remove(origin);
        if (gone != null) {
            gone.request().gone();
        }
    }

    private void tell(NodeTag other, ForwardMessage message) {
        peers.tell(other, message.frame());
    }
}
