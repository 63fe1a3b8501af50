package dev.tutti.cli.proof.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.client.TextSocket;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The promise that SIGTERM in the middle of the work loses nothing, for one process. */
class SigtermTest {
    private static final int SENDERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void sigtermUnderLoadEndsWithExitCodeZeroAndNothingThatWasAcknowledgedIsLost() throws Exception {
        try (ServerProcess server = Solo.start(directory);
                ServerApi api = new ServerApi(server.launch().address())) {
            Account ann = api.register("ann.");
            String conversation = api.group(ann, "Leaving", List.of());
            CompletableFuture<String> end = new CompletableFuture<>();
            try (Api another = new Api()) {
                URI address = server.launch().address().resolve("/ws");
                TextSocket socket = another.webSocket(address, ann, PATIENCE, new EndListener(end));
                Set<String> acknowledged = ConcurrentHashMap.newKeySet();
                List<Thread> senders = new ArrayList<>();
                for (int i = 0; i < SENDERS; i++) {
                    String sender = "s" + i + "-";
                    senders.add(Thread.ofVirtual()
                            .start(() -> sendUntilGone(api, ann, conversation, sender, acknowledged)));
                }
                await().atMost(PATIENCE).until(() -> acknowledged.size() > 100);

                assertThat(server.stop(PATIENCE)).isZero();

                for (Thread sender : senders) {
                    assertThat(sender.join(PATIENCE)).isTrue();
                }
                assertThat(end.get(10, TimeUnit.SECONDS))
                        .startsWith("closed with " + ErrorCode.GOING_AWAY.number() + " ");
                socket.close();
                server.start();
                assertThat(ids(api, ann, conversation)).containsAll(acknowledged);
            }
        }
    }

    private static void sendUntilGone(
            ServerApi api, Account account, String conversation, String sender, Set<String> acknowledged) {
        try {
            for (int i = 0; true; i++) {
                String id = sender + i;
                Api.Answer answer = api.send(
                        "POST",
                        "/api/conversations/" + conversation + "/messages",
                        account,
                        Map.of("id", id, "text", "x"));
                if (answer.status() / 100 == 2) {
                    acknowledged.add(id);
                }
            }
        } catch (IOException gone) {
            return; // nothing was acknowledged
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Set<String> ids(ServerApi api, Account account, String conversation)
            throws IOException, InterruptedException {
        Set<String> ids = new HashSet<>();
        boolean more = true;
        String before = "";
        while (more) {
            JsonNode page = api.get("/api/conversations/" + conversation + "/messages?limit=200" + before, account);
            for (JsonNode message : page.path("messages")) {
                ids.add(message.path("id").asString());
                before = "&before=" + message.path("seq").asLong();
            }
            more = page.path("more").asBoolean();
        }
        return ids;
    }

    private record EndListener(CompletableFuture<String> end) implements TextSocket.TextListener {
        @Override
        public void onText(TextSocket socket, String text) {
            // of those who send
        }

        @Override
        public void onEnd(String why) {
            end.complete(why);
        }
    }
}
