package dev.tutti.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static final List<Class<?>> DECLARING = List.of(
            ServerSettings.class,
            DatabaseSettings.class,
            BusSettings.class,
            RedisConnectionSettings.class,
            EventSettings.class,
            SocketIoServerSettings.class,
            ClientSettings.class,
            UsageSettings.class,
            LogSettings.class,
            WorkSettings.class,
            ClusterSettings.class,
            IdentitySettings.class,
            SessionStoreSettings.class,
            MailSettings.class,
            CachingSettings.class,
            JobSettings.class,
            WebhookSettings.class,
            HookSettings.class,
            TlsSettings.class,
            RateLimitSettings.class,
            FileStorageSettings.class);

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
    void noTimeIsWrittenAsTheDefaultsAre() {
        assertThat(Reference.page()).contains("| `0s` | 0s to 5m ").doesNotContain("0d to");
    }

    @Test
    void everyDeclaredSettingIsInTheList() {
        long declared = DECLARING.stream()
                .flatMap(declaring -> Arrays.stream(declaring.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Setting.class)
                .count();

        assertThat(Settings.ALL.stream().map(Setting::name))
                .hasSize((int) declared)
                .doesNotHaveDuplicates();
    }

    /** One class that needs another one while it is made would work or not, as it happens. */
    @Test
    void anyClassOfSettingsMayBeTheFirstThatIsUsed() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        for (Class<?> first : DECLARING) {
            try (URLClassLoader fresh =
                    new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                assertThat(Class.forName(first.getName(), true, fresh)).isNotSameAs(first);
                assertThat(Class.forName(Settings.class.getName(), true, fresh)).isNotSameAs(Settings.class);
            }
        }
    }
}
