package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.TestEdge;
import dev.tutti.testkit.client.RawConnection;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsTest {
    @ParameterizedTest
    @CsvSource({
        "https://app.example/, https://app.example, true",
        "https://app.example, https://APP.example, true",
        "https://app.example, http://app.example, false",
        "https://app.example, https://app.example.evil.example, false",
        "https://*.app.example, https://a.app.example, true",
        "https://*.app.example, https://a.b.app.example, true",
        "https://*.app.example, https://app.example, false",
        "https://*.app.example, https://evil.example/.app.example, false",
        "https://*.app.example, https://a.app.example.evil.example, false",
        "https://*.app.example:8443, https://a.app.example:8443, true",
        "capacitor://localhost, capacitor://localhost, true",
        "chrome-extension://abcdef, chrome-extension://abcdef, true",
        "*, https://any.example, false"
    })
    void anOriginIsNamedOrNot(String allowed, String origin, boolean named) {
        assertThat(new Cors(Set.of(allowed)).names(origin)).isEqualTo(named);
    }

    @Test
    void aPreflightOfAnAllowedOriginGetsWhatItAsksFor() {
        try (TestEdge edge = new TestEdge(
                        settings -> settings.withOrigins(Set.of("tauri://localhost")), builder -> builder);
                RawConnection client = new RawConnection(edge.port())) {
            String head = client.send(String.join(
                            "\r\n",
                            "OPTIONS /api/streams/room:1 HTTP/1.1",
                            "Host: x",
                            "Origin: tauri://localhost",
                            "Access-Control-Request-Method: POST",
                            "Access-Control-Request-Headers: content-type, traceparent",
                            "",
                            ""))
                    .head()
                    .toLowerCase(Locale.ROOT);
            assertThat(head)
                    .startsWith("http/1.1 204")
                    .contains("access-control-allow-origin: tauri://localhost")
                    .contains("access-control-allow-headers: content-type, traceparent");
        }
    }
}
