package dev.tutti.server.proof.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.server.proof.Account;
import dev.tutti.server.proof.Api;
import dev.tutti.server.proof.Solo;
import dev.tutti.tck.history.Audience;
import dev.tutti.tck.history.Entry;
import dev.tutti.tck.history.Fault;
import dev.tutti.tck.history.Finding;
import dev.tutti.tck.history.History;
import dev.tutti.tck.history.HistoryChecker;
import dev.tutti.tck.history.Logged;
import dev.tutti.tck.history.Verdict;
import dev.tutti.tck.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Promise P1, as far as one process goes. {@code -Dtutti.crash.seconds=600} makes it longer, {@code -Dtutti.crash.seed=1}
 * repeats its choices, though not what threads and disks make of them.
 */
class CrashTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("tutti.crash.seconds", 20));
    private static final long SEED = Long.getLong("tutti.crash.seed", System.nanoTime());
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 6;
    private static final String ROOM = "room:crash";
    private static final String CONVERSATION = "conversation:";

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final History history = new History();
    private final Audience audience = new Audience();
    private final List<CrashClient> clients = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Map<String, Long> founded = new HashMap<>();

    @Test
    void whatWasAcknowledgedIsThereOnceAndInOrderHoweverOftenTheServerIsKilled() throws Exception {
        System.out.println("crash test: seed " + SEED + ", " + TIME.toSeconds() + " s");
        try (ServerProcess server = ServerProcess.start(Solo.launch(directory).with("TUTTI_ACCESS_TTL", "24h"));
                Api api = new Api(server.launch().address())) {
            List<String> streams = prepare(api);
            Killer killer = new Killer(server, random, acknowledged::get);
            speakDuring(killer);
            Map<String, List<Logged>> log = new HashMap<>();
            for (String stream : streams) {
                log.put(stream, readLog(api, stream));
            }
            awaitDelivery(log);
            clients.forEach(CrashClient::close);

            Verdict verdict = HistoryChecker.check(history.entries(), log, audience);
            System.out.println("crash test: seed " + SEED + ", " + killer.kills() + " kills, " + killer.databaseKills()
                    + " of them with PostgreSQL; " + verdict);
            assertThat(verdict.findings()).as(verdict.toString()).isEmpty();
            assertThat(verdict.acknowledged()).isGreaterThan(killer.kills());
            assertThatAPlantedLossIsFound(log);
        } finally {
            clients.forEach(CrashClient::close);
        }
    }

    /** Everybody signs up, meets in two groups and a room, and is connected; the streams that will be judged. */
    private List<String> prepare(Api api) throws IOException, InterruptedException {
        for (int i = 0; i < CLIENTS; i++) {
            accounts.add(api.register("crash" + i + "."));
        }
        List<String> conversations = new ArrayList<>();
        for (String title : List.of("Everybody", "Everybody again")) {
            conversations.add(
                    CONVERSATION + api.group(accounts.getFirst(), title, accounts.subList(1, accounts.size())));
        }
        for (String conversation : conversations) {
            founded.put(conversation, head(api, conversation, accounts.getFirst()));
        }
        List<String> all = new ArrayList<>(conversations);
        all.add(ROOM);
        for (int i = 0; i < CLIENTS; i++) {
            Account account = accounts.get(i);
            String inbox = "user:" + account.id();
            audience.entitled(account.name(), inbox, head(api, inbox, account));
            for (String conversation : conversations) {
                audience.entitled(account.name(), conversation, head(api, conversation, account));
            }
            Seen seen = new Seen(account.name(), history);
            if (i % 2 == 0) {
                SocketIoCrashClient client = new SocketIoCrashClient(api.address(), account, conversations, seen);
                clients.add(client);
                client.open();
            } else {
                audience.entitled(account.name(), ROOM, 0);
                WebSocketCrashClient client = new WebSocketCrashClient(api, account, List.copyOf(all), ROOM, seen);
                clients.add(client);
                client.open();
            }
        }
        accounts.forEach(account -> all.add("user:" + account.id()));
        await().atMost(PATIENCE)
                .until(() -> clients.stream().allMatch(client -> client.seen().token() != null));
        return all;
    }

    private void speakDuring(Killer killer) throws IOException, InterruptedException {
        List<Speaker> speakers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            CrashClient client = clients.get(i);
            Speaker speaker = new Speaker(
                    accounts.get(i), client.streams(), client, history, new Random(random.nextLong()), acknowledged);
            speakers.add(speaker);
            threads.add(Thread.ofVirtual().start(speaker));
        }
        try {
            killer.run(TIME);
        } finally {
            speakers.forEach(Speaker::stop);
        }
        for (Thread thread : threads) {
            assertThat(thread.join(PATIENCE)).as("a speaker comes to an end").isTrue();
        }
    }

    /** The last event of each stream is the last to be delivered, so it is what to wait for. */
    private void awaitDelivery(Map<String, List<Logged>> log) {
        for (int i = 0; i < CLIENTS; i++) {
            Seen seen = clients.get(i).seen();
            for (String stream : clients.get(i).streams()) {
                long last = log.getOrDefault(stream, List.of()).size();
                await("the end of " + stream + " for " + accounts.get(i).name())
                        .atMost(PATIENCE)
                        .until(() -> seen.last(stream) >= last);
            }
        }
    }

    /** That this test can fail: from what really happened one thing is taken away, repeated, or moved. */
    private void assertThatAPlantedLossIsFound(Map<String, List<Logged>> log) {
        List<Entry> entries = history.entries();
        List<Integer> deliveries = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof Entry.Received) {
                deliveries.add(i);
            }
        }
        int victim = deliveries.get(random.nextInt(deliveries.size()));
        List<Entry> lost = new ArrayList<>(entries);
        Entry dropped = lost.remove(victim);
        assertThat(HistoryChecker.check(lost, log, audience).findings())
                .as("without " + dropped)
                .extracting(Finding::fault)
                .containsExactly(Fault.LOST);
        List<Entry> repeated = new ArrayList<>(entries);
        repeated.add(dropped);
        assertThat(HistoryChecker.check(repeated, log, audience).findings())
                .as("with a second " + dropped)
                .extracting(Finding::fault)
                .containsExactly(Fault.DUPLICATE);
    }

    private static long head(Api api, String stream, Account account) throws IOException, InterruptedException {
        if (stream.startsWith(CONVERSATION)) {
            String path = "/api/conversations/" + stream.substring(CONVERSATION.length());
            return api.get(path, account).path("lastSeq").asLong();
        }
        List<Logged> events = read(api, stream, account);
        return events.isEmpty() ? 0 : events.getLast().seq();
    }

    private List<Logged> readLog(Api api, String stream) throws IOException, InterruptedException {
        if (stream.startsWith(CONVERSATION)) {
            return readConversation(api, stream, accounts.getFirst());
        }
        Account reader = accounts.stream()
                .filter(account -> stream.equals("user:" + account.id()))
                .findAny()
                .orElse(accounts.getFirst());
        return read(api, stream, reader);
    }

    /** A conversation as its history has it, behind the events of its founding, which are no messages. */
    private List<Logged> readConversation(Api api, String stream, Account reader)
            throws IOException, InterruptedException {
        String path = "/api/conversations/" + stream.substring(CONVERSATION.length()) + "/messages?limit=200";
        List<Logged> events = new ArrayList<>();
        String before = "";
        boolean more = true;
        while (more) {
            JsonNode page = api.get(path + before, reader);
            for (JsonNode message : page.path("messages")) {
                String sender = message.path("sender").asString();
                String id = message.path("id").asString();
                events.addFirst(new Logged(message.path("seq").asLong(), sender + "." + id));
            }
            before = "&before=" + page.path("before").asLong();
            more = page.path("more").asBoolean(false);
        }
        for (long seq = founded.getOrDefault(stream, 0L); seq > 0; seq--) {
            events.addFirst(new Logged(seq, null));
        }
        return events;
    }

    private static List<Logged> read(Api api, String stream, Account reader) throws IOException, InterruptedException {
        List<Logged> events = new ArrayList<>();
        boolean more = true;
        while (more) {
            long after = events.isEmpty() ? 0 : events.getLast().seq();
            JsonNode page = api.get("/api/streams/" + stream + "?limit=100&after=" + after, reader);
            for (JsonNode event : page.path("events")) {
                String key = event.path("key").isString() ? event.path("key").asString() : null;
                events.add(new Logged(event.path("seq").asLong(), key));
            }
            more = page.path("more").asBoolean(false);
        }
        return events;
    }
}
