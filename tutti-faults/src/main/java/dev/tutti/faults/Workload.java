package dev.tutti.faults;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Addresses;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.Client;
import dev.tutti.testkit.client.ClientDeliveries;
import dev.tutti.testkit.client.ConnectionSchedule;
import dev.tutti.testkit.client.MessageSender;
import dev.tutti.testkit.client.SocketIoClient;
import dev.tutti.testkit.client.WebSocketClient;
import dev.tutti.testkit.history.ExpectedDeliveries;
import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.History;
import dev.tutti.testkit.history.HistoryChecker;
import dev.tutti.testkit.history.Verdict;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * People who talk to one another in two groups and a room, whatever happens to the servers, and what they were told. One
 * more only listens, and is away now and then. For one thread; blocks.
 */
final class Workload implements AutoCloseable {
    /** The stream that everybody may read and write to. */
    static final String ROOM = "room:faults";

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SETUP_PATIENCE = Duration.ofSeconds(60);

    private final List<URI> addresses;
    private final Random random;
    private final History history = new History();
    private final ExpectedDeliveries expected = new ExpectedDeliveries();
    private final List<Client> clients = new ArrayList<>();
    private final Map<String, Account> readers = new LinkedHashMap<>();
    private final StreamReader reader;
    private final List<MessageSender> senders = new ArrayList<>();

    private Workload(StreamReader reader, List<URI> addresses, Random random) {
        this.reader = reader;
        this.addresses = addresses;
        this.random = random;
    }

    /**
     * Everybody signs up, joins both groups, and is connected.
     *
     * @param direct where the log is read
     * @param addresses where clients connect to
     * @param people how many talk
     * @param longestAbsence of the one who does not
     */
    static Workload gather(Api api, URI direct, List<URI> addresses, int people, Duration longestAbsence, Random random)
            throws IOException, InterruptedException {
        Workload workload = new Workload(new StreamReader(api, direct), addresses, random);
        try {
            workload.signUp(api, direct, people, longestAbsence);
            workload.connect();
            return workload;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            workload.leave();
            throw failure;
        }
    }

    private void signUp(Api api, URI address, int people, Duration longestAbsence)
            throws IOException, InterruptedException {
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < people; i++) {
            accounts.add(api.register(address, "person" + i));
        }
        Account absentee = api.register(address, "absentee");
        accounts.add(absentee);
        List<String> conversations = new ArrayList<>();
        for (String title : List.of("Everybody", "Everybody again")) {
            Account owner = accounts.getFirst();
            conversations.add("conversation:" + api.group(address, owner, title, accounts.subList(1, accounts.size())));
        }
        conversations.forEach(conversation -> readers.put(conversation, accounts.getFirst()));
        readers.put(ROOM, accounts.getFirst());
        for (Account account : accounts) {
            String inbox = "user:" + account.id();
            readers.put(inbox, account);
            expected.entitled(account.name(), inbox, reader.founded(inbox, account));
            for (String conversation : conversations) {
                expected.entitled(account.name(), conversation, reader.founded(conversation, account));
            }
        }
        for (int i = 0; i < people; i++) {
            clients.add(talking(i, accounts.get(i), conversations));
        }
        ConnectionSchedule absences = new ConnectionSchedule(new Random(random.nextLong()), longestAbsence);
        clients.add(inRoom(people, absentee, conversations, absences));
    }

    private Client talking(int number, Account account, List<String> conversations) {
        Addresses own = new Addresses(addresses, number);
        ClientDeliveries seen = new ClientDeliveries(account.name(), history);
        return switch (number % 4) {
            case 0 -> new SocketIoClient(own, account, conversations, List.of("websocket"), seen);
            case 2 -> new SocketIoClient(own, account, conversations, List.of("polling", "websocket"), seen);
            default -> inRoom(number, account, conversations, ConnectionSchedule.none());
        };
    }

    private Client inRoom(int number, Account account, List<String> conversations, ConnectionSchedule absences) {
        expected.entitled(account.name(), ROOM, 0);
        List<String> streams = new ArrayList<>(conversations);
        streams.add(ROOM);
        ClientDeliveries seen = new ClientDeliveries(account.name(), history);
        return new WebSocketClient(new Addresses(addresses, number), account, streams, ROOM, seen, absences);
    }

    private void connect() throws IOException, InterruptedException {
        clients.forEach(Client::open);
        if (!await(
                SETUP_PATIENCE,
                () -> clients.stream().allMatch(client -> client.seen().canResume()))) {
            throw new IOException("not all clients could connect");
        }
    }

    /** They begin to talk, with pauses of up to {@code pause}. */
    void talk(Duration pause) {
        for (Client client : clients) {
            if (client.speaks()) {
                senders.add(MessageSender.start(client, history, new Random(random.nextLong()), pause));
            }
        }
    }

    /** How many acknowledgements there were until now. */
    int acknowledged() {
        return senders.stream().mapToInt(MessageSender::acknowledged).sum();
    }

    /** They say what they are saying to the end, and no more; who cannot, for {@code patience}. */
    List<Finding> fallSilent(Duration patience) throws InterruptedException {
        senders.forEach(MessageSender::stop);
        clients.forEach(Client::stay);
        List<Finding> findings = new ArrayList<>();
        for (MessageSender sender : senders) {
            if (!sender.hasEndedWithin(patience)) {
                findings.add(new Finding(Fault.STUCK, sender.name(), "could not send for " + patience));
            }
        }
        return findings;
    }

    /** The log as it is now. */
    Log log() throws IOException, InterruptedException {
        return reader.read(readers);
    }

    /** Waits until everybody has been given all of {@code log}; whether that was so in time. */
    boolean settles(Log log, Duration patience) throws InterruptedException {
        // the last event of each stream is the last to be delivered
        return await(
                patience,
                () -> clients.stream()
                        .allMatch(client -> client.streams().stream()
                                .allMatch(stream -> client.seen().last(stream) >= log.last(stream))));
    }

    /** The history of all that the clients did and were told. */
    History history() {
        return history;
    }

    /** Judges all that against {@code log}. */
    Verdict verdict(Log log) {
        return HistoryChecker.check(history.entries(), log.events(), log.dropped(), expected);
    }

    /** The streams that nobody else may read. */
    List<String> closed() {
        return readers.keySet().stream().filter(stream -> !stream.equals(ROOM)).toList();
    }

    /** The readers of each stream: the clients that are entitled to its events. */
    ExpectedDeliveries expected() {
        return expected;
    }

    /** Tokens that were refused. */
    List<Finding> refusals() {
        List<Finding> findings = new ArrayList<>();
        for (Client client : clients) {
            client.seen()
                    .refusal()
                    .ifPresent(what -> findings.add(
                            new Finding(Fault.REFUSED_TOKEN, client.account().name(), what)));
        }
        return findings;
    }

    /** For people: other numbers, a line each. */
    List<String> lines() {
        List<ClientDeliveries> seen = clients.stream().map(Client::seen).toList();
        Duration silence = clients.stream()
                .filter(Client::speaks)
                .map(client -> client.seen().longestSilence())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return List.of(
                "clients came back with their token "
                        + seen.stream().mapToInt(ClientDeliveries::resumed).sum() + " times and were given "
                        + seen.stream().mapToInt(ClientDeliveries::recovered).sum() + " events on doing so",
                "they were told "
                        + seen.stream().mapToInt(ClientDeliveries::gaps).sum()
                        + " times that events are no longer kept",
                "the longest time in which a client was given nothing: " + silence.toMillis() + " ms");
    }

    /** They disconnect. Idempotent. */
    void leave() {
        senders.forEach(MessageSender::stop);
        clients.forEach(Client::close);
    }

    @Override
    public void close() {
        leave();
    }

    private static boolean await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK);
        }
        return true;
    }
}
