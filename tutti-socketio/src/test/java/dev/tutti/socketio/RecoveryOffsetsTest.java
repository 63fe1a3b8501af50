package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.stream.StreamName;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How far clients are told that they have got in a recoverable namespace. */
class RecoveryOffsetsTest extends ReturningClients {
    /** It is told at once, before messages that the namespace has passed on already and that this client may never get. */
    @Test
    void aGapOfAStreamDoesNotTellHowFarTheNamespaceIs() throws Exception {
        cluster.namespace(0).emit("news", 1);
        Returning client = client(0);

        taken().subscribe(new StreamName("room:short"), 9);

        assertThat(client.frame()).startsWith("42[\"gap\",{").endsWith("}]");
    }

    @Test
    void aClientWhoseHandlersCouldNotBeAddedIsNotOneThatComesBack() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        cluster.namespace(0).onConnection(_ -> {
            if (away.get()) {
                throw new IllegalStateException("the store of the application is away");
            }
        });
        Returning client = client(0);
        taken();
        gone(0);
        away.set(false);
        await().untilAsserted(() -> {
            client.connect(cluster.at(0));
            assertThat(taken().recovered()).isFalse();
        });
    }
}
