package dev.tutti.faults;

import dev.tutti.faults.client.Absences;
import dev.tutti.faults.client.Account;
import dev.tutti.faults.client.Addresses;
import dev.tutti.faults.client.Api;
import dev.tutti.faults.client.Client;
import dev.tutti.faults.client.Seen;
import dev.tutti.faults.client.SocketIoClient;
import dev.tutti.faults.client.Speaker;
import dev.tutti.faults.client.WebSocketClient;
import dev.tutti.faults.cluster.Cluster;
import dev.tutti.faults.presence.PresenceWatch;
import dev.tutti.tck.history.Audience;
import dev.tutti.tck.history.Fault;
import dev.tutti.tck.history.Finding;
import dev.tutti.tck.history.History;
import dev.tutti.tck.history.HistoryChecker;
import dev.tutti.tck.history.Verdict;
import dev.tutti.tck.nemesis.Nemesis;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run: starts a cluster, connects clients that talk to one another, carries out the plan, lets everything settle, and
 * judges what the clients saw. For one thread; blocks.
 */
public final class FaultRun {
    private static final String ROOM = "room:faults";
    private static final int VISITORS = 4;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(40);
    private static final Duration SETUP_PATIENCE = Duration.ofSeconds(60);

    private final RunSettings settings;
    private final Consumer<String> narrator;
    private final Random random;
    private final History history = new History();
    private final Audience audience = new Audience();
    private final List<Client> clients = new ArrayList<>();
    private final Map<String, Account> readers = new LinkedHashMap<>();

    private FaultRun(RunSettings settings, Consumer<String> narrator) {
        this.settings = settings;
        this.narrator = narrator;
        this.random = new Random(settings.seed());
    }

    /** A run that tells {@code narrator}, from any thread, what happens: a line each. */
    public static FaultRun of(RunSettings settings, Consumer<String> narrator) {
        return new FaultRun(settings, narrator);
    }

    /**
     * Runs it. The history is then in the cluster's directory, in {@code history.txt}, beside the logs.
     *
     * @throws IOException if the bench itself failed
     */
    public Report run() throws IOException, InterruptedException {
        narrator.accept("seed " + settings.seed() + ", " + settings.time() + ", "
                + settings.cluster().instances() + " instances"
                + (settings.cluster().redis() ? " with Redis" : "")
                + ", " + settings.clients() + " clients");
        try (Cluster cluster = Cluster.start(settings.cluster());
                Api api = new Api()) {
            for (int i = 0; i < settings.cluster().instances(); i++) {
                if (!cluster.awaitReady(i)) {
                    throw new IOException("instance " + i + " is not ready; see " + directory());
                }
            }
            Journal journal = new Journal(api, cluster.direct().getFirst());
            prepare(api, cluster, journal);
            try (PresenceWatch presence = presence(api, cluster)) {
                return torment(cluster, journal, presence);
            }
        } finally {
            clients.forEach(Client::close);
        }
    }

    /** Everybody signs up, meets in two groups and a room, and is connected. */
    private void prepare(Api api, Cluster cluster, Journal journal) throws IOException, InterruptedException {
        URI address = cluster.direct().getFirst();
        List<Account> accounts = new ArrayList<>();
        for (int i = 0; i < settings.clients(); i++) {
            accounts.add(api.register(address, "person" + i));
        }
        accounts.add(api.register(address, "absentee"));
        List<String> conversations = new ArrayList<>();
        for (String title : List.of("Everybody", "Everybody again")) {
            Account owner = accounts.getFirst();
            conversations.add("conversation:" + api.group(address, owner, title, accounts.subList(1, accounts.size())));
        }
        conversations.forEach(conversation -> readers.put(conversation, accounts.getFirst()));
        readers.put(ROOM, accounts.getFirst());
        for (int i = 0; i < accounts.size(); i++) {
            Account account = accounts.get(i);
            String inbox = "user:" + account.id();
            readers.put(inbox, account);
            audience.entitled(account.name(), inbox, journal.founded(inbox, account));
            for (String conversation : conversations) {
                audience.entitled(account.name(), conversation, journal.founded(conversation, account));
            }
            Addresses addresses = new Addresses(cluster.proxied(), i);
            clients.add(
                    i < settings.clients()
                            ? client(i, account, conversations, addresses)
                            : absentee(account, conversations, addresses));
        }
        clients.forEach(Client::open);
        if (!await(
                SETUP_PATIENCE,
                () -> clients.stream().allMatch(client -> client.seen().canResume()))) {
            throw new IOException("not all clients could connect; see " + directory());
        }
    }

    private Client client(int number, Account account, List<String> conversations, Addresses addresses) {
        Seen seen = new Seen(account.name(), history);
        return switch (number % 4) {
            case 0 -> new SocketIoClient(addresses, account, conversations, List.of("websocket"), seen);
            case 2 -> new SocketIoClient(addresses, account, conversations, List.of("polling", "websocket"), seen);
            default ->
                new WebSocketClient(addresses, account, streams(account, conversations), ROOM, seen, Absences.none());
        };
    }

    /** Who is away for longer than everything is kept. */
    private Client absentee(Account account, List<String> conversations, Addresses addresses) {
        Duration longest = settings.time().dividedBy(3);
        Absences absences = new Absences(
                new Random(random.nextLong()), longest.compareTo(LONGEST_ABSENCE) < 0 ? longest : LONGEST_ABSENCE);
        Seen seen = new Seen(account.name(), history);
        return new WebSocketClient(addresses, account, streams(account, conversations), ROOM, seen, absences);
    }

    private List<String> streams(Account account, List<String> conversations) {
        List<String> streams = new ArrayList<>(conversations);
        streams.add(ROOM);
        audience.entitled(account.name(), ROOM, 0);
        return streams;
    }

    /** People of their own, as who talks is not always there when they believe it. */
    private PresenceWatch presence(Api api, Cluster cluster) throws IOException, InterruptedException {
        List<Account> visitors = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            visitors.add(api.register(cluster.direct().getFirst(), "visitor" + i));
        }
        return PresenceWatch.of(cluster, visitors, api, history, new Random(random.nextLong()));
    }

    private Report torment(Cluster cluster, Journal journal, PresenceWatch presence)
            throws IOException, InterruptedException {
        Nemesis nemesis = new Nemesis(cluster, narrator);
        List<Finding> findings = new ArrayList<>();
        List<String> measured = new ArrayList<>();
        List<Speaker> speakers = new ArrayList<>();
        List<Client> speaking = clients.stream().filter(Client::speaks).toList();
        List<Thread> threads = new ArrayList<>();
        int instances = settings.cluster().instances();
        try (Watch watch = Watch.over(cluster, instances, settings.cluster().connections(), history)) {
            for (Client client : speaking) {
                Speaker speaker = new Speaker(client, history, new Random(random.nextLong()), pause());
                speakers.add(speaker);
                threads.add(Thread.ofVirtual().name("speaker").start(speaker));
            }
            List<Finding> first = carryOut(nemesis, new FirstFindings(history, watch, () -> journal.read(readers)));
            if (!first.isEmpty()) {
                speakers.forEach(Speaker::stop);
                return report(nemesis, cluster, soFar(first), List.of(), watch.lines());
            }
            cluster.calm();
            long calm = System.nanoTime();
            for (int i = 0; i < instances; i++) {
                if (!cluster.awaitReady(i)) {
                    findings.add(new Finding(Fault.STUCK, "instance-" + i, "is not ready though all is well again"));
                }
            }
            speakers.forEach(Speaker::stop);
            for (int i = 0; i < threads.size(); i++) {
                if (!threads.get(i).join(settings.patience())) {
                    String who = speaking.get(i).account().name();
                    findings.add(new Finding(Fault.STUCK, who, "could not send for " + settings.patience()));
                }
            }
            clients.forEach(Client::stay);
            Log log = journal.read(readers);
            boolean settled = await(settings.patience(), () -> everybodyHasEverythingOf(log));
            measured.add("everything had arrived " + (settled ? "" : "not even ")
                    + Duration.ofNanos(System.nanoTime() - calm).toMillis() + " ms after the last trouble");
            clients.forEach(Client::close);
            findings.addAll(cluster.findings());
            for (Client client : clients) {
                client.seen()
                        .refusal()
                        .ifPresent(what -> findings.add(new Finding(
                                Fault.REFUSED_TOKEN, client.account().name(), what)));
            }
            findings.addAll(watch.findings());
            findings.addAll(presence.findings());
            measured.addAll(clientLines());
            measured.addAll(watch.lines());
            measured.add(presence.line());
            presence.write(directory().resolve("presence.txt"));
            Verdict verdict = HistoryChecker.check(history.entries(), log.events(), log.dropped(), audience);
            return report(nemesis, cluster, verdict, findings, measured);
        }
    }

    /** Has the plan carried out, until that is done or, if this is wanted, something is found. */
    private List<Finding> carryOut(Nemesis nemesis, FirstFindings findings) throws IOException, InterruptedException {
        FutureTask<@Nullable Void> trouble = new FutureTask<>(() -> {
            long begin = System.nanoTime();
            nemesis.run(settings.plan());
            Thread.sleep(Duration.ofNanos(Math.max(0, settings.time().toNanos() - (System.nanoTime() - begin))));
            return null;
        });
        Thread.ofVirtual().name("trouble").start(trouble);
        while (settings.untilFound() && !trouble.isDone()) {
            List<Finding> found = findings.now();
            if (!found.isEmpty()) {
                trouble.cancel(true);
                return found;
            }
            Thread.sleep(LOOK);
        }
        try {
            trouble.get();
        } catch (ExecutionException failure) {
            throw new IOException("the plan could not be carried out", failure.getCause());
        }
        return List.of();
    }

    private Verdict soFar(List<Finding> findings) {
        Verdict numbers = HistoryChecker.check(history.entries(), Map.of(), audience);
        return new Verdict(
                findings,
                numbers.sent(),
                numbers.acknowledged(),
                numbers.refused(),
                numbers.unknown(),
                numbers.received());
    }

    private Report report(
            Nemesis nemesis, Cluster cluster, Verdict verdict, List<Finding> findings, List<String> measured)
            throws IOException {
        Report report = new Report(
                settings.seed(), settings.time(), nemesis.counts(), cluster.starts(), verdict, findings, measured);
        history.write(directory().resolve("history.txt"));
        Files.writeString(directory().resolve("report.txt"), report + "\n");
        return report;
    }

    /** The longer the run, the more slowly people speak, so that the history of hours fits into memory. */
    private Duration pause() {
        return settings.time().compareTo(Duration.ofMinutes(5)) < 0 ? Duration.ofMillis(60) : Duration.ofMillis(200);
    }

    /** The last event of each stream is the last to be delivered, so it is what to wait for. */
    private boolean everybodyHasEverythingOf(Log log) {
        return clients.stream()
                .allMatch(client -> client.streams().stream()
                        .allMatch(stream -> client.seen().last(stream) >= log.last(stream)));
    }

    private List<String> clientLines() {
        int resumed =
                clients.stream().mapToInt(client -> client.seen().resumed()).sum();
        int recovered =
                clients.stream().mapToInt(client -> client.seen().recovered()).sum();
        int gaps = clients.stream().mapToInt(client -> client.seen().gaps()).sum();
        Duration silence = clients.stream()
                .filter(Client::speaks)
                .map(client -> client.seen().longestSilence())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return List.of(
                "clients came back with their token " + resumed + " times and were given " + recovered
                        + " events on doing so",
                "they were told " + gaps + " times that events are no longer kept",
                "the longest time in which a client was given nothing: " + silence.toMillis() + " ms");
    }

    private Path directory() {
        return settings.cluster().directory();
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
