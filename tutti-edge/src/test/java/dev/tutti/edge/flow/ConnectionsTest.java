package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.flow.Connections.Transport;
import dev.tutti.socket.Principal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Connections connections = new Connections(2, AdmissionSettings.DEFAULT, meters);

    private double open(String transport) {
        return meters.get(FlowMetrics.CONNECTIONS)
                .tag("transport", transport)
                .gauge()
                .value();
    }

    @Test
    void asManyAsThereIsRoomFor() {
        Connections.Permit one = connections.admit(Transport.POLLING, "192.0.2.1");
        try (Connections.Permit _ = connections.admit(Transport.SSE, "192.0.2.1")) {
            assertThatThrownBy(() -> connections.admit(Transport.WEBSOCKET, "192.0.2.1"))
                    .isInstanceOfSatisfying(TuttiException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.INSTANCE_FULL);
                        assertThat(refused.retryAfter()).isPresent();
                    });
            one.move(Transport.WEBSOCKET);
            assertThat(open("polling")).isZero();
            assertThat(open("websocket")).isEqualTo(1);
            assertThat(open("sse")).isEqualTo(1);
        }
        assertThat(connections.count()).isEqualTo(1);
        one.close();
        one.close();
        one.move(Transport.SSE);
        assertThat(connections.count()).isZero();
        assertThat(open("sse")).isZero();
    }

    @Test
    void halfOfThemStayWithoutALogin() {
        Connections some = new Connections(4, AdmissionSettings.DEFAULT, new SimpleMeterRegistry());
        List<Connections.Permit> permits = List.of(
                some.admit(Transport.SSE, "192.0.2.1"),
                some.admit(Transport.WEBSOCKET, "192.0.2.2"),
                some.admit(Transport.WEBSOCKET, "192.0.2.3"));
        permits.get(0).stay();
        permits.get(1).stay();
        permits.get(1).stay();
        assertThatThrownBy(permits.get(2)::stay)
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INSTANCE_FULL));

        assertThat(permits.get(1).moveTo("ann")).isTrue();
        permits.get(2).stay();
        assertThatThrownBy(some.admit(Transport.SSE, "192.0.2.4")::stay).isInstanceOf(TuttiException.class);
        permits.get(0).close();
        some.admit(Transport.SSE, "192.0.2.5").stay();
    }

    @Test
    void thoseWhoHaveLoggedInCanHaveThemAll() {
        Connections some = new Connections(20, AdmissionSettings.DEFAULT, new SimpleMeterRegistry());
        for (int i = 0; i < 20; i++) {
            Connections.Permit permit = some.admit(Transport.WEBSOCKET, "192.0.2." + i);
            assertThat(permit.moveTo("user-" + i)).isTrue();
        }
        assertThat(some.count()).isEqualTo(20);
        assertThatThrownBy(() -> some.admit(Transport.WEBSOCKET, "192.0.2.99")).isInstanceOf(TuttiException.class);
    }

    @Test
    void thoseWhoHaveNotLoggedInLeaveTheReserve() {
        Connections some = new Connections(20, AdmissionSettings.DEFAULT, new SimpleMeterRegistry());
        List<Connections.Permit> strangers = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            strangers.add(some.admit(Transport.POLLING, "192.0.2." + i));
        }
        assertThatThrownBy(() -> some.admit(Transport.POLLING, "192.0.2.98"))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INSTANCE_FULL));

        assertThat(strangers.get(0).moveTo("ann")).isTrue();
        Connections.Permit next = some.admit(Transport.POLLING, "192.0.2.98");
        assertThatThrownBy(() -> some.admit(Transport.POLLING, "192.0.2.99")).isInstanceOf(TuttiException.class);
        next.close();
        next.close();
        some.admit(Transport.POLLING, "192.0.2.99");
        strangers.forEach(Connections.Permit::close);
        assertThat(some.count()).isEqualTo(1);
    }

    @Test
    void thoseWhoShowCredentialsFindAPermitOfTheReserveUntilTheseAreVerified() {
        Connections some = new Connections(20, AdmissionSettings.DEFAULT, new SimpleMeterRegistry());
        for (int i = 0; i < 18; i++) {
            assertThat(some.admit(Transport.WEBSOCKET, "192.0.2." + i, true).isReserved())
                    .isFalse();
        }
        assertThatThrownBy(() -> some.admit(Transport.WEBSOCKET, "192.0.2.98")).isInstanceOf(TuttiException.class);
        Connections.Permit ann = some.admit(Transport.WEBSOCKET, "192.0.2.98", true);
        Connections.Permit nobody = some.admit(Transport.WEBSOCKET, "192.0.2.99", true);
        assertThat(ann.isReserved()).isTrue();
        assertThatThrownBy(() -> some.admit(Transport.WEBSOCKET, "192.0.2.97", true))
                .isInstanceOf(TuttiException.class);
        assertThatThrownBy(nobody::stay)
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INSTANCE_FULL));

        assertThat(ann.moveTo("ann")).isTrue();
        assertThat(ann.isReserved()).isFalse();
        nobody.close();
        assertThat(some.count()).isEqualTo(19);
        assertThat(some.admit(Transport.WEBSOCKET, "192.0.2.97", true).moveTo("bob"))
                .isTrue();
        assertThat(some.count()).isEqualTo(20);
    }

    /** Each network of a /48 would have some of the permits, whatever is left. */
    @Test
    void oneCustomerOfIpv6DoesNotHaveThemAll() {
        Connections some = new Connections(1_000, AdmissionSettings.DEFAULT, new SimpleMeterRegistry());
        int admitted = 0;
        for (int i = 0; i < 2_000; i++) {
            try {
                some.admit(Transport.WEBSOCKET, "2001:db8:1:" + Integer.toHexString(i % 256) + "::1");
                admitted++;
            } catch (TuttiException full) {
                assertThat(full.code()).isEqualTo(ErrorCode.INSTANCE_FULL);
            }
        }

        assertThat(admitted).isEqualTo(666);
        for (int i = 0; i < 50; i++) {
            assertThat(some.admit(Transport.WEBSOCKET, "192.0.2." + i).moveTo("user-" + i))
                    .isTrue();
        }
    }

    @Test
    void nobodyWhenLeaving() {
        connections.leave();
        assertThatThrownBy(() -> connections.admit(Transport.SSE, "192.0.2.1"))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.GOING_AWAY));
    }

    @Test
    void theConnectionsOfASessionAreCutAndNoOthers() {
        List<String> ended = new ArrayList<>();
        LiveSessions sessions = new LiveSessions(_ -> {}, who -> ended.add(who.id()));
        List<String> cut = new ArrayList<>();
        Principal ann = new Principal("ann", "s1", Instant.MAX);
        Handle first = sessions.add(ann, code -> cut.add("first " + code));
        Handle second = sessions.add(ann, code -> cut.add("second " + code));
        sessions.add(new Principal("bob", "s2", Instant.MAX), code -> cut.add("bob " + code));
        first.close();
        first.close();
        sessions.cut("s1", ErrorCode.SESSION_REVOKED);
        sessions.cut("s3", ErrorCode.SESSION_REVOKED);
        assertThat(cut).containsExactly("second SESSION_REVOKED");
        assertThat(ended).isEmpty();
        second.close();
        second.close();
        assertThat(ended).containsExactly("ann");
    }

    @Test
    void theConnectionsOfAUserAreCutThatWereAddedSoWhicheverLoginsTheyAreOf() {
        List<String> ended = new ArrayList<>();
        LiveSessions sessions = new LiveSessions(_ -> {}, who -> ended.add(who.session()));
        List<String> cut = new ArrayList<>();
        Handle first = sessions.addOfUser(new Principal("ann", "s1", Instant.MAX), code -> cut.add("first " + code));
        sessions.addOfUser(new Principal("ann", "s2", Instant.MAX), code -> cut.add("second " + code));
        sessions.add(new Principal("ann", "s1", Instant.MAX), code -> cut.add("other " + code));
        sessions.addOfUser(new Principal("bob", "s3", Instant.MAX), code -> cut.add("bob " + code));

        first.close();
        sessions.cutUser("ann", ErrorCode.SESSION_REVOKED);
        sessions.cutUser("s2", ErrorCode.SESSION_REVOKED);

        assertThat(cut).containsExactly("second SESSION_REVOKED");
        assertThat(ended).isEmpty(); // the other one is there
        assertThat(sessions.ids()).containsExactlyInAnyOrder("s1", "s2", "s3");
    }

    @Test
    void aConnectionThatGoesOnAsOneOfAnotherLoginHasNotEnded() {
        List<String> ended = new ArrayList<>();
        LiveSessions sessions = new LiveSessions(_ -> {}, who -> ended.add(who.session()));
        List<String> cut = new ArrayList<>();
        LiveConnection before =
                sessions.addOfUser(new Principal("ann", "s1", Instant.MAX), code -> cut.add("before " + code));
        LiveConnection after =
                sessions.addOfUser(new Principal("ann", "s2", Instant.MAX), code -> cut.add("after " + code));

        before.renewed();
        before.close();
        assertThat(ended).isEmpty();
        assertThat(sessions.ids()).containsExactly("s2");
        sessions.cutUser("ann", ErrorCode.SESSION_REVOKED);
        assertThat(cut).containsExactly("after SESSION_REVOKED");

        after.close();
        assertThat(ended).containsExactly("s2");
    }
}
