package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MailSettingsTest {
    private static String page(Map<String, String> values) {
        return MailSettings.page(TestConfiguration.of(values)).toString();
    }

    @Test
    void linksInMailsLeadToWhatTheServerSpeaks() {
        assertThat(page(Map.of("PORT", "8080"))).isEqualTo("http://localhost:8080/");
        assertThat(page(Map.of("TUTTI_TLS_CERT", "chain.pem", "TUTTI_TLS_KEY", "key.pem", "PORT", "443")))
                .isEqualTo("https://localhost:443/");
        assertThat(page(Map.of("TUTTI_TLS_CERT", "chain.pem", "TUTTI_PUBLIC_URL", "https://chat.example.com/talk")))
                .isEqualTo("https://chat.example.com/talk/");
    }
}
