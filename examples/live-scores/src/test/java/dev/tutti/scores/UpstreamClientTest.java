package dev.tutti.scores;

import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections to an upstream through which nothing comes. */
class UpstreamClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofMillis(900);

    private static void follow(Tutti tutti, SilentUpstream upstream) {
        UpstreamClient client = new UpstreamClient(upstream.address(), SILENCE);
        tutti.workers().singleton("prices", worker -> LiveScores.followPrices(worker, tutti, client));
    }

    @Tag("slow")
    @Test
    void theWorkerConnectsAgainWhenItsUpstreamHasFallenSilent() throws Exception {
        try (SilentUpstream silent = new SilentUpstream(false);
                Tutti tutti = Tutti.on(MemoryBackend.open()).start()) {
            follow(tutti, silent);

            await().atMost(PATIENCE).until(() -> silent.followers() >= 3);
        }
    }

    /** In the silence that is borne there is room for three pings. */
    @Tag("slow")
    @Test
    void anUpstreamThatOnlyAnswersPingsIsKept() throws Exception {
        try (SilentUpstream quiet = new SilentUpstream(true);
                Tutti tutti = Tutti.on(MemoryBackend.open()).start()) {
            follow(tutti, quiet);

            await().atMost(PATIENCE).until(() -> quiet.mostPings() >= 8);
        }
    }
}
