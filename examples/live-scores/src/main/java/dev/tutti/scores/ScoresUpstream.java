package dev.tutti.scores;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody else's service, so that the example has one: {@code GET /games} tells the games, the WebSocket {@code /prices} sends a
 * price now and then, {@code GET /statistics} tells how often it was asked. With the JDK alone. Safe for use by many threads.
 */
public final class ScoresUpstream implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(200);
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    private static final List<String> TEAMS = List.of(
            "Ajax",
            "Benfica",
            "Celtic",
            "Dynamo",
            "Everton",
            "Flora",
            "Genoa",
            "Hajduk",
            "Inter",
            "Juventus",
            "Krylia",
            "Lyon");

    private static final class Game {
        final String id;
        final String home;
        final String away;
        int homeGoals;
        int awayGoals;
        int minute;

        Game(String home, String away, int minute) {
            this.id = (home + "-" + away).toLowerCase(Locale.ROOT);
            this.home = home;
            this.away = away;
            this.minute = minute;
        }
    }

    private final Random chance = new Random(7);
    private final List<Game> games = new ArrayList<>(); // guarded by itself
    private final Set<Socket> followers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger mostFollowers = new AtomicInteger();
    private final AtomicInteger allFollowers = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ServerSocket server;

    /** One at {@code port} of this machine; 0 for any. */
    public ScoresUpstream(int port) throws IOException {
        for (int i = 0; i + 1 < TEAMS.size(); i += 2) {
            games.add(new Game(TEAMS.get(i), TEAMS.get(i + 1), 5 * i));
        }
        server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        Thread.ofPlatform().daemon().start(this::play);
    }

    /** Runs one at the port that is given, or 4000. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (ScoresUpstream upstream =
                new ScoresUpstream(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4000)) {
            System.out.println("Games at " + upstream.address() + "/games");
            upstream.closing.await();
        }
    }

    /** Where it is. */
    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** How many follow the prices now. */
    int followers() {
        return followers.size();
    }

    /** How many did at a time, at most. */
    int mostFollowers() {
        return mostFollowers.get();
    }

    /** How many have begun to follow since the start, those included that are gone. */
    int allFollowers() {
        return allFollowers.get();
    }

    /** How often the games were asked for by pages. */
    int pages() {
        return pages.get();
    }

    private void accept() {
        while (closing.getCount() > 0) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String path = line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
                String key = "";
                for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                    if (header.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
                        key = header.substring(header.indexOf(':') + 1).strip();
                    }
                }
                if (path.equals("/prices")) {
                    follow(socket, key, in);
                    return;
                }
                answer(socket.getOutputStream(), path);
            }
        } catch (IOException gone) {
            // the client that asked has left
        }
    }

    private void answer(OutputStream out, String path) throws IOException {
        String body = switch (path) {
            case "/games?page" -> {
                pages.incrementAndGet();
                yield json();
            }
            case "/games?poll", "/games" -> json();
            default ->
                "{\"followers\": " + followers() + ", \"mostFollowers\": " + mostFollowers()
                        + ", \"allFollowers\": " + allFollowers() + ", \"pages\": " + pages()
                        + "}";
        };
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
    }

    private void follow(Socket socket, String key, BufferedReader in) throws IOException {
        String head =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + accepted(key) + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        allFollowers.incrementAndGet();
        followers.add(socket);
        mostFollowers.accumulateAndGet(followers.size(), Math::max);
        try {
            while (in.read() >= 0) {
                // nothing that a follower says matters, but its end
            }
        } finally {
            followers.remove(socket);
        }
    }

    /** The answer to a {@code Sec-WebSocket-Key}. */
    static String accepted(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + WEBSOCKET_GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Lets the games go on, and tells a price, every fifth of a second. */
    private void play() {
        try {
            for (int tick = 1; !closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS); tick++) {
                String price;
                synchronized (games) {
                    if (tick % 5 == 0) {
                        games.forEach(this::goOn);
                    }
                    Game game = games.get(chance.nextInt(games.size()));
                    price = game.id + String.format(Locale.ROOT, " %.2f", 1 + chance.nextDouble() * 4);
                }
                followers.forEach(follower -> tell(follower, price));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void goOn(Game game) {
        game.minute = game.minute % 90 + 1;
        if (game.minute == 1) {
            game.homeGoals = 0;
            game.awayGoals = 0;
        }
        int luck = chance.nextInt(60);
        game.homeGoals += luck == 0 ? 1 : 0;
        game.awayGoals += luck == 1 ? 1 : 0;
    }

    private static void tell(Socket follower, String price) {
        byte[] text = price.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[2 + text.length];
        frame[0] = (byte) 0x81; // a whole text message
        frame[1] = (byte) text.length;
        System.arraycopy(text, 0, frame, 2, text.length);
        try {
            follower.getOutputStream().write(frame);
        } catch (IOException gone) {
            // it is taken off the list where it is read from
        }
    }

    private String json() {
        StringBuilder json = new StringBuilder("[");
        synchronized (games) {
            for (Game game : games) {
                json.append(json.length() > 1 ? "," : "")
                        .append(String.format(
                                Locale.ROOT,
                                "{\"id\":\"%s\",\"home\":\"%s\",\"away\":\"%s\",\"homeGoals\":%d,\"awayGoals\":%d,\"minute\":%d}",
                                game.id,
                                game.home,
                                game.away,
                                game.homeGoals,
                                game.awayGoals,
                                game.minute));
            }
        }
        return json.append("]").toString();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        server.close();
        for (Socket follower : followers) {
            follower.close();
        }
    }
}
