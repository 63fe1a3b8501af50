package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    @Test
    void thePageInTheRepositoryIsTheOneThatTheCodeWrites() throws IOException {
        assertThat(Path.of("..", "docs", "configuration.md"))
                .as("write it anew: ./tutti config --reference > docs/configuration.md")
                .hasContent(Reference.page());
    }

    @Test
    void aStalePageIsNoticed() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "configuration.md"));

        assertThat(page.replace("`3000`", "`3001`")).isNotEqualTo(Reference.page());
    }

    @Test
    void everyDeclaredSettingIsInTheList() {
        long declared = Stream.of(
                        ServerSettings.class,
                        DatabaseSettings.class,
                        BusSettings.class,
                        ClientSettings.class,
                        UsageSettings.class,
                        LogSettings.class,
                        WorkSettings.class,
                        IdentitySettings.class,
                        MailSettings.class,
                        CachingSettings.class,
                        JobSettings.class,
                        WebhookSettings.class,
                        HookSettings.class,
                        TlsSettings.class,
                        RateLimitSettings.class,
                        FileStorageSettings.class)
                .flatMap(declaring -> Arrays.stream(declaring.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class)
                .count();

        assertThat(Settings.ALL.stream().map(Setting::name))
                .hasSize((int) declared)
                .doesNotHaveDuplicates();
    }
}
