package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.TestInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The API's description and the API. */
class DocumentedTest {
    private static final Pattern PATH = Pattern.compile("  (/[^:]*):");
    private static final Pattern METHOD = Pattern.compile("    (get|post|put|patch|delete):");

    @Test
    void theDocumentHasEveryRouteOfAccountsAndChatAndNoOther() throws IOException {
        List<String> documented = new ArrayList<>();
        String path = "";
        for (String line : Files.readAllLines(Path.of("..", "docs", "openapi.yaml"))) {
            Matcher onPath = PATH.matcher(line);
            Matcher onMethod = METHOD.matcher(line);
            if (onPath.matches()) {
                path = onPath.group(1).replaceAll("\\{(\\w+)}", ":$1");
            } else if (onMethod.matches()
                    && path.matches(
                            "/api/(auth|account|sessions|blocks|preferences|server/users|server/invitations|chat|users|groups|presence|conversations|invitations).*")) {
                documented.add(onMethod.group(1).toUpperCase(Locale.ROOT) + " " + path);
            }
        }

        try (TestInstance instance = new TestInstance()) {
            assertThat(documented)
                    .containsExactlyInAnyOrderElementsOf(instance.routes().all());
        }
    }
}
