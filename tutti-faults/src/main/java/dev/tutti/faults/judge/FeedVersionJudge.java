package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.DatabaseProgram;
import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.history.Fault;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A judge of a feed that another program publishes by SQL: its followers are told newer versions alone, each with the value that was
 * published with it, and none that was rolled back. When all is well again, everybody has the latest one.
 */
public final class FeedVersionJudge extends Watcher {
    private static final String KEY = "feed:faults";
    private static final String PUBLISH =
            "select tutti.publish_feed(?, ?, jsonb_build_object('version', ?, 'rolledBack', ?))";
    private static final Duration PACE = Duration.ofMillis(50);
    private static final Duration SILENCE = Duration.ofSeconds(2); // in which who comes back has the latest one already
    private static final int BURST = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROLLED_BACK_EVERY = 7;

    private final Api api = new Api();
    private final AtomicLong published = new AtomicLong();
    private final AtomicBoolean failed = new AtomicBoolean(); // one of the followers, in a way that was reported
    private final Account account;
    private final DatabaseProgram program;
    private final List<FollowedFeed> followers;

    /** Begins. */
    public static FeedVersionJudge of(FaultCluster cluster, Account account) {
        FeedVersionJudge judge = new FeedVersionJudge(cluster, account);
        judge.start("latest-versions", judge::publish);
        return judge;
    }

    private FeedVersionJudge(FaultCluster cluster, Account account) {
        this.account = account;
        program = cluster.program("faults of feeds", _ -> true);
        followers = cluster.proxied().stream().map(this::follower).toList();
        followers.forEach(FollowedFeed::start);
    }

    private FollowedFeed follower(URI instance) {
        return new FollowedFeed(
                instance, () -> JsonSocket.open(api, instance, account), KEY, this::judge, this::failed);
    }

    /** The first failure tells all, and leaves room for what else is found. */
    private void failed(RuntimeException defect) {
        if (!failed.getAndSet(true)) {
            found(Fault.UNEXPLAINED, KEY, "a follower of the bench failed, and came back: " + defect);
        }
    }

    private void publish() throws InterruptedException {
        for (long version = 1; ; version++) {
            Thread.sleep(version % BURST == 0 ? SILENCE : PACE);
            long next = version;
            boolean commits = version % ROLLED_BACK_EVERY != 0;
            if (program.does(open -> published(open, next, commits)).isPresent() && commits) {
                published.set(version);
            }
        }
    }

    private static long published(Connection connection, long version, boolean commits) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(PUBLISH)) {
            statement.setString(1, KEY);
            statement.setLong(2, version);
            statement.setLong(3, version);
            statement.setBoolean(4, !commits);
            try (ResultSet row = statement.executeQuery()) {
                boolean there = row.next();
                assert there;
                long held = row.getLong(1);
                if (commits) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                return held;
            }
        }
    }

    private void judge(long held, JsonNode state) {
        judged();
        long version = state.path("version").asLong();
        if (version <= held) {
            found(
                    version == held ? Fault.DUPLICATE : Fault.OUT_OF_ORDER,
                    KEY,
                    "version " + version + " was told to somebody who had " + held);
        }
        JsonNode value = state.path("value");
        if (value.path("version").asLong() != version
                || value.path("rolledBack").asBoolean()) {
            found(Fault.PHANTOM, KEY, "version " + version + " was told with " + value);
        }
    }

    @Override
    void release() {
        if (!comesTrue(() -> behind() == 0, PATIENCE)) {
            found(
                    Fault.LOST,
                    KEY,
                    behind() + " of " + followers.size() + " followers were not told version " + published
                            + " though all is well again: " + details());
        }
        followers.forEach(FollowedFeed::stop);
        api.close();
        program.close();
    }

    /** How the followers are, and what each one's instance says of the feed to somebody who asks now. */
    private String details() {
        return followers.stream()
                .map(follower -> follower + ", where a reader is told " + answer(follower.instance()))
                .collect(Collectors.joining("; "));
    }

    private String answer(URI instance) {
        try {
            Api.Answer answer = api.send(instance, "GET", "/api/feeds/" + KEY, account, null);
            return answer.status() + " " + answer.response().body();
        } catch (IOException failure) {
            return "nothing (" + failure + ")";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "nothing, as it was interrupted";
        }
    }

    private long behind() {
        return followers.stream()
                .filter(follower -> follower.held() < published.get())
                .count();
    }

    @Override
    public String line() {
        return published + " versions of a feed published by SQL, " + count() + " told to " + followers.size()
                + " followers";
    }
}
