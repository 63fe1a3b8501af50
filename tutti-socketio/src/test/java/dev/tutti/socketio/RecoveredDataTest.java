package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.socket.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The data of a socket that has come back. */
class RecoveredDataTest extends ReturningClients {
    @Test
    void itIsWhatJsonHasWithoutBytes() throws Exception {
        Returning client = client(0);
        Socket first = taken();
        Map<String, @Nullable Object> profile = new HashMap<>();
        profile.put("avatar", null);
        first.data().put("profile", profile);
        first.data().put("account", 42L);
        first.data().put("bytes", new byte[] {1});
        first.data().put("list with bytes", List.of("a", new byte[] {1}));
        first.data().put("no number", Double.NaN);
        assertThat(first.data()).containsKeys("bytes", "list with bytes", "no number");

        client.close();
        client.connect(cluster.at(1));
        Socket again = taken();

        assertThat(again.recovered()).isTrue();
        assertThat(again.data()).containsOnlyKeys("profile", "account").containsEntry("profile", profile);
        assertThat(again.data().get("account"))
                .isInstanceOfSatisfying(
                        Number.class, account -> assertThat(account.longValue()).isEqualTo(42));
    }
}
