package dev.tutti.cli.proof.audit;

import static dev.tutti.cli.proof.audit.AuditRecords.about;
import static dev.tutti.cli.proof.audit.AuditRecords.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.proxy.FaultProxy;
import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two processes on one PostgreSQL, of which one records what is done there. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {
    private static final String SECRET = "a-secret-of-the-servers-alone-long-enough";
    private static final String PATH = AuditRecords.PATH;
    private static final String STREAM = "/api/streams/audit:log";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ANOTHER_PASSWORD = "another battery staple";

    private final Account root = new Account("", "", ApiKeys.root(SECRET));
    private EmbeddedDatabase postgres;
    private FaultProxy link;
    private ServerProcess server;
    private ServerProcess silent;
    private ServerApi api;
    private ServerApi other;
    private Account admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        postgres = EmbeddedDatabase.start(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Solo.PROGRAMS));
        int port = URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
        link = FaultProxy.to(port, 0);
        String url = postgres.url().replace(":" + port + "/", ":" + link.port() + "/");
        server = ServerProcess.start(launch(directory, "loud", url)
                .with("TUTTI_AUDIT", "on")
                .with("TUTTI_RIGHTS", "read:*,publish:*")
                .with("TUTTI_WEBHOOK_PRIVATE_NETWORKS", "true"));
        silent = ServerProcess.start(launch(directory, "silent", postgres.url()));
        api = new ServerApi(server.launch().address());
        other = new ServerApi(silent.launch().address());
        admin = api.register("admin");
    }

    private static Launch launch(Path directory, String name, String url) throws IOException {
        return Solo.launch(Files.createDirectories(directory.resolve(name)))
                .with("DATABASE_URL", url)
                .with("JWT_SECRET", SECRET)
                .with("INSTANCE_ID", name);
    }

    @AfterAll
    void stop() {
        api.close();
        other.close();
        server.close();
        silent.close();
        link.close();
        postgres.close();
    }

    private List<JsonNode> records(Predicate<JsonNode> wanted) throws Exception {
        return AuditRecords.all(api, admin, wanted);
    }

    private Account login(String name, String password) throws Exception {
        JsonNode answer = api.post("/api/auth/login", null, Map.of("name", name, "password", password));
        return new Account(
                answer.path("user").path("id").asString(),
                name,
                answer.path("accessToken").asString());
    }

    private Api.Answer failed(String name, String password) throws Exception {
        return api.send("POST", "/api/auth/login", null, Map.of("name", name, "password", password));
    }

    @Test
    void whatPeopleDoWithTheirAccountIsRecordedAndNothingSecret() throws Exception {
        Account ann = api.register("ann");
        Map<String, Object> wish = Map.of("preferences", Map.of("diet", "a-private-matter"));
        api.send("PATCH", "/api/preferences", ann, wish).done();
        api.get("/api/preferences", ann);
        assertThat(api.send("GET", "/api/preferences", null, null).isDone()).isTrue();
        assertThat(failed(ann.name(), "no such password of hers").status()).isEqualTo(401);
        Account again = login(ann.name(), Account.PASSWORD);
        assertThat(api.send("DELETE", "/api/sessions", again, null).isDone()).isTrue();
        assertThat(api.send("DELETE", "/api/sessions/nothing", again, null).status())
                .isEqualTo(404);
        Map<String, String> change = Map.of("currentPassword", Account.PASSWORD, "password", ANOTHER_PASSWORD);
        assertThat(api.send("POST", "/api/account/password", again, change).isDone())
                .isTrue();
        assertThat(api.send("POST", "/api/account/password", again, change).status())
                .isEqualTo(403);
        Map<String, String> address = Map.of("email", "ann@example.org", "password", ANOTHER_PASSWORD);
        assertThat(api.send("PUT", "/api/account/email", again, address).isDone())
                .isTrue();
        String proof = AuditRecords.mailed(server, "email");
        api.send("POST", "/api/auth/email/confirm", null, Map.of("token", proof))
                .done();
        api.send("POST", "/api/auth/reset", null, Map.of("email", "ann@example.org"))
                .done();
        String reset = AuditRecords.mailed(server, "reset");
        api.send("POST", "/api/auth/reset/confirm", null, Map.of("token", reset, "password", Account.PASSWORD))
                .done();
        Account last = login(ann.name(), Account.PASSWORD);
        api.get("/api/account/export", last);
        api.get("/api/sessions", last);
        assertThat(api.send("POST", "/api/auth/logout", last, null).isDone()).isTrue();
        Account end = login(ann.name(), Account.PASSWORD);
        api.send("POST", "/api/account/delete", end, Map.of("password", Account.PASSWORD))
                .done();

        List<String> expected = List.of(
                "account.register ok",
                "preferences.change ok",
                "preferences.read ok",
                "login unauthenticated",
                "login ok",
                "session.end-all ok",
                "session.end not_found",
                "password.change ok",
                "password.change forbidden",
                "email.request ok",
                "email.confirm ok",
                "password.reset ok",
                "login ok",
                "account.export ok",
                "session.read ok",
                "logout ok",
                "login ok",
                "account.delete ok");
        await().atMost(PATIENCE).until(() -> records(about(ann)).size() >= expected.size());

        List<JsonNode> all = records(about(ann));
        assertThat(all.stream().map(AuditRecords::told)).containsExactlyElementsOf(expected);
        assertThat(all)
                .allMatch(each -> each.path("instance").asString().equals("loud")
                        && each.path("address").asString().equals("127.0.0.1")
                        && each.path("times").asLong() == 1
                        && !each.path("at").asString("").isEmpty());
        assertThat(all.get(3).path("by").asString()).isEqualTo("stranger");
        assertThat(all.get(3).path("target").asString()).isEqualTo(ann.id());
        assertThat(all.get(1).path("actor").asString()).isEqualTo(ann.id());
        assertThat(all.get(11).path("by").asString()).isEqualTo("stranger");
        assertThat(records(each -> each.path("action").asString().equals("password.request")))
                .isNotEmpty();
        assertThat(records(each -> told(each).startsWith("preferences.")))
                .allMatch(each -> each.path("actor").asString().equals(ann.id()));
        assertThat(records(_ -> true).toString())
                .doesNotContain(
                        Account.PASSWORD,
                        ANOTHER_PASSWORD,
                        "no such password of hers",
                        "a-private-matter",
                        "ann@example.org",
                        proof,
                        reset,
                        again.token(),
                        end.token());
    }

    @Test
    void whatAdministratorsAndKeysDoIsRecordedWithItsTarget() throws Exception {
        Account gina = api.register("gina");
        api.send("PATCH", "/api/server/users/" + gina.id(), admin, Map.of("disabled", true))
                .done();
        assertThat(failed(gina.name(), Account.PASSWORD).status()).isEqualTo(403);
        Account bob = api.register("bob");
        api.send("PATCH", "/api/server/users/" + bob.id(), admin, Map.of("admin", true))
                .done();
        api.get("/api/server/users?id=" + bob.id(), bob);
        api.send("PATCH", "/api/server/users/" + bob.id(), admin, Map.of("admin", false))
                .done();
        assertThat(api.send("GET", "/api/server/users", bob, null).error()).isEqualTo("forbidden");
        JsonNode invitation = api.post("/api/server/invitations", admin, Map.of("uses", 1));
        String invited = invitation.path("invitation").path("id").asString();
        api.send("DELETE", "/api/server/invitations/" + invited, admin, null);
        JsonNode made = api.post("/api/server/keys", root, Map.of("name", "k", "capabilities", List.of("users")));
        String key = made.path("key").path("id").asString();
        Account program = new Account("", "", made.path("token").asString());
        api.post("/api/server/users/" + bob.id() + "/logout", program, Map.of());
        JsonNode hook = api.post(
                "/api/server/webhooks", root, Map.of("url", "http://127.0.0.1:9/", "streams", List.of("room:x")));
        String webhook = hook.path("webhook").path("id").asString();
        api.post("/api/server/webhooks/" + webhook + "/pause", root, Map.of());
        api.send("DELETE", "/api/server/webhooks/" + webhook, root, null);
        String link = api.post("/api/server/users/" + bob.id() + "/reset", program, Map.of())
                .path("token")
                .asString();
        String newcomer = api.post("/api/server/users", program, Map.of("name", "made.by.program"))
                .path("user")
                .path("id")
                .asString();
        api.send("POST", "/api/server/disconnect", root, Map.of("to", List.of("user:" + bob.id())))
                .done();
        api.send("POST", "/api/server/disconnect", root, Map.of("to", List.of("room:x", "user:" + bob.id())))
                .done();
        api.send("DELETE", "/api/server/users/" + bob.id(), program, null);
        api.post("/api/streams/room:audited", root, Map.of("type", "said", "data", 1));
        api.send("DELETE", "/api/server/streams/room:audited", root, null);
        api.send("DELETE", "/api/server/keys/" + key, root, null);

        await().atMost(PATIENCE)
                .until(() -> !records(each -> told(each).equals("key.revoke ok")
                                && each.path("target").asString("").equals(key))
                        .isEmpty());
        List<String> told = records(_ -> true).stream()
                .map(each -> each.path("by").asString() + " " + told(each) + " "
                        + (each.path("target").isString() ? each.path("target").asString() : "-") + " "
                        + each.path("change"))
                .toList();
        assertThat(told)
                .containsSubsequence(
                        "account user.change ok " + gina.id() + " {\"disabled\":true}",
                        "stranger login forbidden " + gina.id() + " {}",
                        "account account.register ok " + bob.id() + " {}",
                        "account user.change ok " + bob.id() + " {\"admin\":true}",
                        "account user.read ok " + bob.id() + " {}",
                        "account user.change ok " + bob.id() + " {\"admin\":false}",
                        "account user.read forbidden - {}",
                        "account invitation.make ok " + invited + " {}",
                        "account invitation.withdraw ok " + invited + " {}",
                        "key key.make ok " + key + " {}",
                        "key user.logout ok " + bob.id() + " {}",
                        "key webhook.make ok " + webhook + " {}",
                        "key webhook.pause ok " + webhook + " {}",
                        "key webhook.delete ok " + webhook + " {}",
                        "key user.reset ok " + bob.id() + " {}",
                        "key user.make ok " + newcomer + " {}",
                        "key user.disconnect ok " + bob.id() + " {}",
                        "key user.disconnect ok - {}",
                        "key user.delete ok " + bob.id() + " {}",
                        "key stream.delete ok room:audited {}",
                        "key key.revoke ok " + key + " {}");
        assertThat(records(_ -> true).toString())
                .contains("key." + key)
                .doesNotContain(
                        program.token(),
                        link,
                        invitation.path("token").asString(),
                        hook.path("secret").asString());
    }

    @Test
    void aFloodOfFailuresIsAFewRecords() throws Exception {
        Account carol = api.register("carol");
        for (int i = 0; i < 40; i++) {
            assertThat(failed(carol.name(), "wrong password").isDone()).isFalse();
        }
        assertThat(failed("my.secret.typed.here", "wrong password").isDone()).isFalse();
        Account marker = api.register("marker");

        await().atMost(PATIENCE).until(() -> !records(about(marker)).isEmpty());

        assertThat(records(about(carol)).stream().map(AuditRecords::told))
                .as("those that could not be told apart are counted in one more at the minute's end")
                .contains("account.register ok", "login unauthenticated")
                .hasSizeLessThan(10);
        assertThat(records(each -> told(each).equals("login rate_limited"))).isNotEmpty();
        assertThat(records(_ -> true).toString()).doesNotContain("my.secret.typed.here");
    }

    @Test
    void whatSomebodyReadsOfTheirOwnAgainAndAgainIsAFewRecords() throws Exception {
        Account hana = api.register("hana");
        for (int i = 0; i < 40; i++) {
            api.get("/api/sessions", hana);
        }
        Account marker = api.register("marker");

        await().atMost(PATIENCE).until(() -> !records(about(marker)).isEmpty());

        assertThat(records(about(hana)).stream().map(AuditRecords::told))
                .as("the others are counted in one more at the minute's end")
                .contains("account.register ok", "session.read ok")
                .hasSizeLessThan(10);
    }

    @Test
    void pagesAndFiltersFindWhatIsThere() throws Exception {
        Account dora = api.register("dora");
        for (int i = 0; i < 5; i++) {
            api.post("/api/server/invitations", admin, Map.of());
        }
        await().atMost(PATIENCE)
                .until(() ->
                        records(each -> told(each).equals("invitation.make ok")).size() >= 5);

        String filter = PATH + "?actor=" + admin.id() + "&action=invitation.make&limit=2";
        JsonNode first = api.get(filter, admin);
        JsonNode second = api.get(filter + "&before=" + first.path("before").asString(), admin);

        assertThat(first.path("records")).hasSize(2).allMatch(each -> told(each).equals("invitation.make ok"));
        assertThat(first.path("more").asBoolean()).isTrue();
        assertThat(second.path("records")).hasSize(2);
        assertThat(second.path("records").path(0).path("seq").asLong())
                .isLessThan(first.path("records").path(1).path("seq").asLong());
        assertThat(api.get(PATH + "?actor=" + dora.id() + "&action=invitation.make", admin)
                        .path("records"))
                .isEmpty();
        assertThat(api.send("GET", PATH + "?limit=501", admin, null).status()).isEqualTo(400);
        assertThat(api.send("GET", PATH + "?before=x", admin, null).status()).isEqualTo(400);
    }

    @Test
    void nobodyElseReadsOrWritesItWhateverTheRightsOfEverybodyAre() throws Exception {
        Account eve = api.register("eve");
        Account reader = key("read:audit:*");
        Account roomReader = key("read:room:*");
        Map<String, Object> forged = Map.of("type", "login", "data", Map.of());

        assertThat(api.send("GET", "/api/streams/room:x", eve, null).status()).isEqualTo(200);
        assertThat(api.send("GET", PATH, eve, null).error()).isEqualTo("forbidden");
        assertThat(api.send("GET", PATH, null, null).error()).isEqualTo("unauthenticated");
        assertThat(api.send("GET", PATH, roomReader, null).error()).isEqualTo("forbidden");
        assertThat(api.send("GET", STREAM, eve, null).error()).isEqualTo("forbidden");
        assertThat(api.send("GET", STREAM, admin, null).error()).isEqualTo("forbidden");
        assertThat(api.send("GET", STREAM, roomReader, null).error()).isEqualTo("forbidden");
        for (Account each : List.of(eve, admin, root, reader)) {
            assertThat(api.send("POST", STREAM, each, forged).error()).isEqualTo("forbidden");
        }
        Map<String, Object> hook = Map.of("url", "http://127.0.0.1:9/", "streams", List.of("audit:*"));
        assertThat(api.send("POST", "/api/server/webhooks", root, hook).error()).isEqualTo("forbidden");

        await().atMost(PATIENCE)
                .until(() -> !api.get(STREAM, reader).path("events").isEmpty());
        assertThat(api.get(PATH, reader).path("records")).isNotEmpty();
    }

    private Account key(String capability) throws Exception {
        JsonNode made =
                api.post("/api/server/keys", root, Map.of("name", capability, "capabilities", List.of(capability)));
        return new Account("", "", made.path("token").asString());
    }

    @Test
    void whereItIsOffNothingIsRecordedAndThereIsNoSuchRoute() throws Exception {
        Account fred = other.register("fred");
        assertThat(other.send("GET", PATH, admin, null).status()).isEqualTo(404);
        assertThat(other.send("GET", STREAM, fred, null).error()).isEqualTo("forbidden");
        Account marker = api.register("marker");

        await().atMost(PATIENCE).until(() -> !records(about(marker)).isEmpty());

        assertThat(records(about(fred))).isEmpty();
        assertThat(records(each -> each.path("instance").asString().equals("silent")))
                .isEmpty();
    }

    @Test
    void whatHappensWhileTheDatabaseIsAwayIsWrittenWhenItIsBack() throws Exception {
        Account nobody = new Account("", "", "not.a.token");
        link.become(new LinkFault.Down());
        link.cut();
        try {
            assertThat(api.send("DELETE", "/api/server/users/0f0f0f0f0f0f0f0f0f0f0f0f", nobody, null)
                            .error())
                    .isEqualTo("unauthenticated");
            await().atMost(PATIENCE).until(() -> server.output().contains("The audit cannot be written"));
        } finally {
            link.become(LinkFault.CLEAR);
        }

        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> records(each -> each.path("target").asString("").equals("0f0f0f0f0f0f0f0f0f0f0f0f"))
                                .size()
                        == 1);
        await().atMost(PATIENCE).until(() -> server.output().contains("The audit is written again"));
    }
}
