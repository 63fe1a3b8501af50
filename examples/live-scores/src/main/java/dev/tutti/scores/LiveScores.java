package dev.tutti.scores;

import dev.tutti.cache.Cache;
import dev.tutti.cache.Loaded;
import dev.tutti.core.Tutti;
import dev.tutti.feed.FeedKey;
import dev.tutti.http.Reply;
import dev.tutti.server.Application;
import dev.tutti.server.ServerContext;
import dev.tutti.stream.Json;
import dev.tutti.worker.WorkerContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A board of games. A poller watches the upstream's scores and a consumer its prices, each once in the cluster; what they find
 * is pushed to everybody at every instance as two feeds, and {@code /api/games} is answered from a cache of all instances.
 */
public final class LiveScores implements Application {
    private static final FeedKey SCORES = FeedKey.of("public", "scores");
    private static final FeedKey PRICES = FeedKey.of("public", "prices");
    private static final String ALL = "all";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CONFLATE = Duration.ofMillis(250);

    @Override
    public void start(ServerContext context) {
        UpstreamClient upstream = new UpstreamClient(Optional.ofNullable(System.getProperty("scores.upstream"))
                .or(() -> Optional.ofNullable(System.getenv("SCORES_UPSTREAM")))
                .orElse("http://127.0.0.1:4000"));
        Tutti tutti = context.tutti();
        Cache<Games> games = tutti.caches().cache("games", Games.class);
        tutti.workers().singleton("scores", worker -> watchScores(worker, tutti, upstream, games));
        tutti.workers().singleton("prices", worker -> followPrices(worker, tutti, upstream));
        context.routes(routes -> routes.on("GET", "/api/games", _ -> games(upstream, games)));
        context.assets("/scores/", "scores");
    }

    /**
     * The answer of {@code /api/games}.
     *
     * @param json as the upstream says it
     */
    record Games(String json) {}

    /** However many ask at however many instances, and miss: the upstream is asked once. */
    private static Reply games(UpstreamClient upstream, Cache<Games> games) throws InterruptedException {
        Games known = games.get(ALL, _ -> Loaded.of(new Games(upstream.games("page"))))
                .orElseThrow();
        return Reply.ok(Json.of(known.json()));
    }

    /** Asks every second, and tells everybody when something has changed. */
    private static void watchScores(WorkerContext worker, Tutti tutti, UpstreamClient upstream, Cache<Games> games)
            throws Exception {
        Versions versions = new Versions(worker);
        String last = "";
        while (worker.isActive()) {
            String now = upstream.games("poll");
            if (!now.equals(last)) {
                last = now;
                tutti.feeds().publish(SCORES, versions.next(), Json.of(now));
                games.invalidate(ALL);
            }
            worker.pause(POLL);
        }
    }

    /**
     * Keeps the one connection to the upstream, and tells everybody the prices as they are, four times a second at most. It returns when
     * the connection is closed, or nothing comes through it any more: then the worker is begun anew, and connects again.
     */
    static void followPrices(WorkerContext worker, Tutti tutti, UpstreamClient upstream) throws Exception {
        Versions versions = new Versions(worker);
        Map<String, Double> latest = new ConcurrentSkipListMap<>();
        Map<String, Double> told = Map.of();
        try (UpstreamClient.Prices prices = upstream.prices(latest::put)) {
            while (worker.isActive() && prices.isAlive()) {
                Map<String, Double> now = Map.copyOf(latest);
                if (!now.equals(told)) {
                    told = now;
                    tutti.feeds().publish(PRICES, versions.next(), tutti.json().write(now));
                }
                worker.pause(CONFLATE);
            }
        }
    }
}
