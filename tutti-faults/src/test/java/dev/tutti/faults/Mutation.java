package dev.tutti.faults;

import java.util.List;
import java.util.stream.Stream;

/** The ways in which a server is wrong that the bench is to catch, as changes of its sources. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the lists
enum Mutation {
    /** Nothing: it is as it shall be. */
    NONE,

    /** One delivery in fifty throws. */
    FAILING_DELIVERIES(change(
            "tutti-edge/src/main/java/dev/tutti/edge/ws/WsSubscriber.java",
            "Encoded encoded = events.in(StreamEncodings.WS_EVENTS);",
            "if (System.nanoTime() % 50 == 0) throw new OutOfMemoryError();\n"
                    + "        Encoded encoded = events.in(StreamEncodings.WS_EVENTS);")),

    /** Nobody hears of a logout. */
    UNHEARD_LOGOUTS(change(
            "tutti-server/src/main/java/dev/tutti/server/wiring/Features.java",
            "revocations.publish(REVOKED, session.getBytes(StandardCharsets.UTF_8));",
            "")),

    EARLY_ACKNOWLEDGEMENT(
            change(
                    "tutti-postgres/src/main/java/dev/tutti/postgres/ConnectionLender.java",
                    "private final DataSource database;",
                    "final DataSource database;"),
            change(
                    "tutti-postgres/src/main/java/dev/tutti/postgres/PostgresStreamStore.java",
                    "public List<Appended> append(List<Append> appends) {",
                    """
                        public List<Appended> append(List<Append> appends) {
                        if (!appends.isEmpty()) try {
                            Connection connection = connections.database.getConnection();
                            connection.setAutoCommit(false);
                            List<Appended> early = add(connection, appends);
                            Thread.startVirtualThread(() -> {
                                try (connection) {
                                    Thread.sleep(200);
                                    connection.commit();
                                    connection.setAutoCommit(true);
                                } catch (Exception lost) {
                                }
                            });
                            return early;
                        } catch (SQLException e) {
                            throw PostgresFailure.of(e);
                        }
                        """)),

    SKIPPED_EVENT(change(
            Sources.CORE + "StreamSubscription.java",
            "cursor.seen(),\n                result ->",
            "cursor.seen() + 1,\n                result ->")),

    NO_SWEEP(
            change(Sources.CORE + "Sweep.java", "            hub.known(outstanding);\n", ""),
            change(Sources.CORE + "Streams.java", "hub.tellOthers(run);", "")),

    UNTOLD_GAP(change(Sources.CORE + "StreamSubscription.java", "subscriber.onGap(gap);", "")),

    BELIEVED_CURSOR(
            change(Sources.CORE + "StreamSubscription.java", "if (head < cursor.seen()) {", "if (head < 0) {"),
            change(
                    Sources.CORE + "StreamSubscription.java",
                    "if (!closed && begun && cursor.seen() > kept) {",
                    "if (kept < 0) {"),
            change(Sources.CORE + "StreamSubscription.java", "case ReadResult.Gap gap -> gap(gap);", """
                        case ReadResult.Gap gap -> {
                            if (gap.reason() == ReadResult.Gap.Reason.AHEAD) {
                                more = cursor.read(false);
                            } else {
                                gap(gap);
                            }
                        }""")),

    REPEATED_APPEND(
            change(
                    Sources.CORE + "AppendWriter.java",
                    "committed.accept(appends, results);",
                    "if (System.nanoTime() % 8 == 0) throw new IllegalStateException();"),
            change(
                    Sources.CORE + "AppendWriter.java",
                    "log.error(\"{} stored events were not announced; the sweep finds them\", results.size(), defect);",
                    "store.append(appends);")),

    EARLY_CURSOR(
            FAILING_DELIVERIES,
            change(
                    Sources.CORE + "StreamSubscription.java",
                    "if (following == null) {\n            subscriber.onEvents(events, from);",
                    "cursor.had(events.value().getLast().seq());\n        if (following == null) {\n"
                            + "            subscriber.onEvents(events, from);"),
            change(
                    Sources.CORE + "StreamSubscription.java",
                    "protected void failed(Throwable defect) {\n        if (!closed) {",
                    "protected void failed(Throwable defect) {\n        if (false) {")),

    UNWATCHED_SESSIONS(
            UNHEARD_LOGOUTS,
            change(
                    "tutti-edge/src/main/java/dev/tutti/edge/flow/SessionWatch.java",
                    "if (everything || pause().isZero()) {",
                    "if (lastLook == 0) {")),

    CHANGING_ADDRESS(change(
            "tutti-cluster/src/main/java/dev/tutti/cluster/Peers.java",
            "NodeTag.of(member.process())",
            "NodeTag.of(member.incarnation())")),

    LASTING_PRESENCE(change(
            "tutti-core/src/main/java/dev/tutti/core/presence/PresenceState.java",
            "difference.went().forEach(key -> remove(replica, key));",
            "")),

    CONNECTIONS_OF_THE_DEAD(change(
            "tutti-postgres/src/main/java/dev/tutti/postgres/ConnectionBudget.java",
            "pool.openOnlyIf(() -> held > 0 && trustedUntil - ticker.getAsLong() > 0);",
            "")),

    LOOKING_FENCE(change(
            "tutti-postgres/src/main/java/dev/tutti/postgres/PostgresLeaseStore.java",
            "FENCE.first(transaction,",
            "FIND.first(transaction,")),

    /**
     * A step is let through by the holder's own clock, and the database is not asked. Caught as {@code UNFENCED} when a process stands still
     * between looking and writing. A holder that reckons its deadline by a wall clock does no harm here, as the fence is in its way;
     * the simulation of leases catches that one, by two that believe to hold a lease.
     */
    TRUSTED_CLOCK(change(
            "tutti-core/src/main/java/dev/tutti/core/lease/HeldLease.java",
            "if (!leases.fence(transaction, grant)) {",
            "if (!isHeld()) {")),

    UNFENCED_ATTEMPT(change(
            "tutti-postgres/src/main/java/dev/tutti/postgres/job/JobRun.java",
            "if (!AttemptTable.fence(transaction, which(), FENCED_PAUSE)) {",
            "if (attempt() < 0) {")),

    CACHE_WITHOUT_GAPS(change(
            "tutti-core/src/main/java/dev/tutti/core/cache/ClusterCaches.java",
            "public void onGap() {\n            dropAll(Duration.ZERO);",
            "public void onGap() {")),

    REPEATED_VERSION(change(
            "tutti-core/src/main/java/dev/tutti/core/feed/ConflatedSubscription.java",
            "told = known <= latest ? known : 0;",
            "told = 0;"));

    /**
     * A change of a class.
     *
     * @param source its file, from the root of the repository
     * @param right a text that is in it once
     * @param wrong what stands there instead
     */
    record Change(String source, String right, String wrong) {}

    private static final class Sources {
        static final String CORE = "tutti-core/src/main/java/dev/tutti/core/stream/";
    }

    final List<Change> changes;

    Mutation(Change... changes) {
        this.changes = List.of(changes);
    }

    /** Wrong as {@code other} is, and in more ways. */
    Mutation(Mutation other, Change... more) {
        this.changes = Stream.concat(other.changes.stream(), Stream.of(more)).toList();
    }

    private static Change change(String source, String right, String wrong) {
        return new Change(source, right, wrong);
    }
}
