package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies = new TrustedProxies(List.of("127.0.0.1", "::1", "10.0.0.0/8"));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, '203.0.113.9', 203.0.113.9",
        "127.0.0.1, '198.51.100.1, 203.0.113.9', 203.0.113.9",
        "127.0.0.1, '203.0.113.9, 10.1.2.3', 203.0.113.9",
        "10.200.0.1, '2001:db8::5', 2001:db8::5",
        "::1, '203.0.113.9', 203.0.113.9",
        "203.0.113.7, '198.51.100.1', 203.0.113.7",
        "127.0.0.1, 'nonsense', 127.0.0.1",
        "127.0.0.1, '203.0.113.9, nonsense', 127.0.0.1",
        "127.0.0.1, '10.0.0.2', 10.0.0.2",
        "127.0.0.1, '', 127.0.0.1"
    })
    void theLastHopThatIsNotOursIsTheClient(String peer, String forwardedFor, String client) {
        assertThat(proxies.client(peer, forwardedFor)).isEqualTo(client);
    }

    @Test
    void nobodyIsBelievedUnlessNamed() {
        assertThat(new TrustedProxies(List.of()).client("127.0.0.1", "203.0.113.9"))
                .isEqualTo("127.0.0.1");
        assertThat(proxies.client("127.0.0.1", null)).isEqualTo("127.0.0.1");
    }

    @Test
    void aLongListCostsLittle() {
        assertThat(proxies.client("127.0.0.1", "10.0.0.1,".repeat(1_000) + "10.0.0.1"))
                .isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "10.0.0.0/33", "10.0.0.0/x", "300.1.1.1", "10.0.0.0/-1", ""})
    void whatIsNoNetworkIsRefused(String network) {
        assertThatThrownBy(() -> TrustedProxies.check(List.of(network)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + network + "'");
    }
}
