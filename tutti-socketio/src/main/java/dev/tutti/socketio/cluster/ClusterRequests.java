package dev.tutti.socketio.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.NodeTag;
import dev.tutti.cluster.PendingRequests;
import dev.tutti.cluster.PendingRequests.Outcome;
import dev.tutti.core.InstanceId;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.socket.Answers;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.ack.BroadcastAck.Told;
import dev.tutti.socketio.ack.BroadcastAcks;
import dev.tutti.socketio.ack.PendingAcks;
import dev.tutti.socketio.cluster.ClusterMessage.Answer;
import dev.tutti.socketio.cluster.ClusterMessage.Call;
import dev.tutti.socketio.cluster.ClusterMessage.Fetch;
import dev.tutti.socketio.cluster.ClusterMessage.Question;
import dev.tutti.socketio.cluster.ClusterMessage.ServerCall;
import dev.tutti.socketio.room.Recipients;
import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The questions to sockets and applications at all instances: puts them to the others and to this instance, and answers those
 * of the others. Safe for use by many threads; the futures that callers get are completed on virtual threads.
 */
public final class ClusterRequests {
    /** How many questions may wait for their answers at a time. */
    public static final int MOST = 1_000;

    private static final Logger log = LoggerFactory.getLogger(ClusterRequests.class);
    private static final Duration FETCH = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(2); // for the way there and back
    private static final Told NOTHING = new Told(List.of(), true);
    private static final Told FAILED = new Told(List.of(), false);

    private final Function<String, @Nullable LocalNamespace> namespaces;
    private final Payloads payloads;
    private final ClusterAdapter cluster;
    private final RemoteSockets sockets;
    private final PendingRequests<Answer> requests;
    private final BroadcastAcks broadcastAcks = new BroadcastAcks();

    /** Those between {@code cluster} and the {@code namespaces} of {@code instance}, by name. */
    ClusterRequests(
            Function<String, @Nullable LocalNamespace> namespaces,
            Payloads payloads,
            ClusterAdapter cluster,
            InstanceId instance) {
        this.namespaces = namespaces;
        this.payloads = payloads;
        this.cluster = cluster;
        this.sockets = new RemoteSockets(payloads, instance);
        this.requests = new PendingRequests<>(MOST, cluster::isAlive);
    }

    /** The messages that sockets of this instance shall acknowledge. */
    public BroadcastAcks broadcastAcks() {
        return broadcastAcks;
    }

    /** Sends {@code body} to all who are meant, and gathers what they acknowledge. */
    public CompletableFuture<Answers> call(Target who, Duration timeout, Body body) {
        Duration bounded = PendingAcks.bounded(timeout);
        return ask(
                        Optional.of(who),
                        bounded.plus(GRACE),
                        number -> new Call(cluster.self(), number, bounded, who, body))
                .thenCombineAsync(callHere(who, bounded, body), this::answers, Thread::startVirtualThread);
    }

    /** Puts {@code body} to the application at the other instances. */
    public CompletableFuture<Answers> serverCall(String namespace, Duration timeout, Body body) {
        return ask(
                        Optional.empty(),
                        PendingAcks.bounded(timeout),
                        number -> new ServerCall(cluster.self(), number, namespace, body))
                .thenApplyAsync(outcome -> answers(outcome, NOTHING), Thread::startVirtualThread);
    }

    /** Finds the sockets that are meant. */
    public CompletableFuture<List<RemoteSocket>> fetch(Target who) {
        return ask(Optional.of(who), FETCH, number -> new Fetch(cluster.self(), number, who))
                .thenCombineAsync(fetchHere(who), this::found, Thread::startVirtualThread);
    }

    private CompletableFuture<Outcome<Answer>> ask(
            Optional<Target> who, Duration timeout, LongFunction<Question> question) {
        Optional<NodeTag> owner = who.flatMap(cluster::owner);
        Set<NodeTag> asked = cluster.asked();
        owner.ifPresent(tag -> asked.removeIf(other -> !other.equals(tag)));
        try {
            PendingRequests<Answer>.PendingRequest request = requests.open(asked, timeout);
            try {
                if (!asked.isEmpty()) {
                    cluster.ask(question.apply(request.number()), owner);
                }
                return request.outcome();
            } catch (Throwable failure) {
                request.cancel();
                throw failure;
            }
        } catch (TuttiException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Answers what another instance asks; if that fails, with an answer that is not complete. */
    CompletableFuture<Answer> answer(Question question) {
        return CompletableFuture.completedFuture(question)
                .thenCompose(this::told)
                .exceptionally(failure -> {
                    log.error(
                            "A question of another instance could not be answered, and that instance is told", failure);
                    return FAILED;
                })
                .thenApply(all -> new Answer(cluster.self(), question.number(), all.complete(), all.bodies()));
    }

    private CompletableFuture<Told> told(Question question) {
        return switch (question) {
            case Call call -> callHere(call.who(), call.timeout(), call.body());
            case Fetch fetch -> fetchHere(fetch.who());
            case ServerCall call -> {
                @Nullable LocalNamespace namespace = namespaces.apply(call.namespace());
                yield namespace == null
                        ? CompletableFuture.completedFuture(NOTHING)
                        : namespace.serverEvents().call(call.body());
            }
        };
    }

    /** Another instance has answered. */
    void answered(Answer answer) {
        requests.answered(answer.from(), answer.number(), answer);
    }

    /** Another instance has left. */
    void left(NodeTag gone) {
        requests.left(gone);
    }

    private CompletableFuture<Told> callHere(Target who, Duration timeout, Body body) {
        @Nullable LocalNamespace namespace = namespaces.apply(who.namespace());
        return namespace == null
                ? CompletableFuture.completedFuture(NOTHING)
                : broadcastAcks.call(who.namespace(), Recipients.of(namespace.rooms(), who), body, timeout);
    }

    private CompletableFuture<Told> fetchHere(Target who) {
        @Nullable LocalNamespace namespace = namespaces.apply(who.namespace());
        if (namespace == null) {
            return CompletableFuture.completedFuture(NOTHING);
        }
        Queue<Socket> found = new ConcurrentLinkedQueue<>();
        return Recipients.of(namespace.rooms(), who)
                .afterEachLoop(part -> part.each(found::add))
                .thenApplyAsync(_ -> sockets.write(found), Thread::startVirtualThread);
    }

    private Answers answers(Outcome<Answer> outcome, Told here) {
        List<List<@Nullable Object>> all = new ArrayList<>();
        boolean complete = outcome.complete()
                && here.complete()
                && outcome.answers().stream().allMatch(Answer::complete);
        for (Body body : bodies(outcome, here)) {
            try {
                all.add(payloads.array(body));
            } catch (ProtocolException | TuttiException unreadable) {
                complete = false; // as good as no answer
            }
        }
        return new Answers(all, complete);
    }

    private List<RemoteSocket> found(Outcome<Answer> outcome, Told here) {
        if (outcome.late()) {
            throw new TuttiException(ErrorCode.TIMEOUT, "an instance did not tell its sockets within " + FETCH);
        }
        if (!outcome.answers().stream().allMatch(Answer::complete)) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "an instance has more sockets than it can tell at once, or its log says why it cannot");
        }
        return bodies(outcome, here).stream().map(sockets::read).toList();
    }

    private static List<Body> bodies(Outcome<Answer> outcome, Told here) {
        return Stream.concat(
                        here.bodies().stream(), outcome.answers().stream().flatMap(answer -> answer.bodies().stream()))
                .toList();
    }
}
