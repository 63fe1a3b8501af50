package dev.tutti.cli.proof.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The records of an audit, as its readers get them. */
final class AuditRecords {
    static final String PATH = "/api/server/audit";

    private AuditRecords() {}

    /** All that fit, oldest first, page by page. */
    static List<JsonNode> all(ServerApi api, Account reader, Predicate<JsonNode> wanted) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        String before = "";
        while (true) {
            JsonNode page = api.get(PATH + "?limit=500" + before, reader);
            page.path("records").forEach(all::addFirst);
            if (!page.path("more").asBoolean()) {
                return all.stream().filter(wanted).toList();
            }
            before = "&before=" + page.path("before").asString();
        }
    }

    /** The token of the link for {@code purpose} that {@code server}, which sends no mails, has written to its log. */
    static String mailed(ServerProcess server, String purpose) throws IOException {
        Pattern token = Pattern.compile("#" + purpose + "=([A-Za-z0-9._-]+)");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> token.matcher(server.output()).find());
        Matcher found = token.matcher(server.output());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    static Predicate<JsonNode> about(Account account) {
        return each -> each.path("actor").asString().equals(account.id())
                || each.path("target").asString("").equals(account.id());
    }

    static String told(JsonNode each) {
        return each.path("action").asString() + " " + each.path("outcome").asString();
    }
}
