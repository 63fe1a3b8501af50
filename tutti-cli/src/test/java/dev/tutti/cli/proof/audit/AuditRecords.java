package dev.tutti.cli.proof.audit;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

    static Predicate<JsonNode> about(Account account) {
        return each -> each.path("actor").asString().equals(account.id())
                || each.path("target").asString("").equals(account.id());
    }

    static String told(JsonNode each) {
        return each.path("action").asString() + " " + each.path("outcome").asString();
    }
}
