package dev.tutti.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.cluster.NodeTag;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.cache.CacheMessage.Granted;
import dev.tutti.core.cache.CacheMessage.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests to a coordinator, and answers at the wrong moment. */
class PendingAsksTest {
    private static final NodeTag COORDINATOR = new NodeTag("coordinator");
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<Granted> declined = new ArrayList<>();
    private final PendingAsks asks = new PendingAsks(declined::add);

    private static Granted granted(PendingAsks.PendingAsk ask) {
        return new Granted(COORDINATOR, ask.number(), 7);
    }

    @Test
    void whatIsGrantedInTimeIsDoneAndNotDeclined() throws Exception {
        try (PendingAsks.PendingAsk ask = asks.open(COORDINATOR)) {
            asks.answered(new Waiting(COORDINATOR, ask.number()));
            asks.answered(granted(ask));
            assertThat(ask.await(LONG, Deadline.in(LONG))).contains(granted(ask));
        }
        assertThat(declined).isEmpty();
    }

    @Test
    void whatIsGrantedBetweenTheEndOfTheWaitAndThatOfTheRequestIsDeclined() throws Exception {
        try (PendingAsks.PendingAsk ask = asks.open(COORDINATOR)) {
            assertThat(ask.await(Duration.ZERO, Deadline.in(LONG))).isEmpty();
            asks.answered(granted(ask));
            assertThat(declined).containsExactly(granted(ask));
        }
    }

    @Test
    void whatIsGrantedAfterTheRequestOrBySomebodyElseIsDeclined() {
        PendingAsks.PendingAsk ask = asks.open(COORDINATOR);
        Granted stranger = new Granted(new NodeTag("stranger"), ask.number(), 8);
        asks.answered(stranger);
        ask.close();
        asks.answered(granted(ask));
        assertThat(declined).containsExactly(stranger, granted(ask));
    }

    @Test
    void whatIsGrantedToWhoeverWasInterruptedIsDeclined() {
        try (PendingAsks.PendingAsk ask = asks.open(COORDINATOR)) {
            asks.answered(new Waiting(COORDINATOR, ask.number()));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> ask.await(LONG, Deadline.in(LONG))).isInstanceOf(InterruptedException.class);
            asks.answered(granted(ask));
            assertThat(declined).containsExactly(granted(ask));
        }
    }
}
