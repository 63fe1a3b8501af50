package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The contract of every {@link LimitStore}. Its tests may run in any order on one store. */
public interface LimitStoreContract {
    /** A burst of ten tokens, and then a token every six minutes, which is slow enough for tests. */
    RateLimit TEN = RateLimit.of(10, Duration.ofHours(1));

    /** The store. */
    LimitStore limits();

    /** Lets {@code time} pass on the store's clock for {@code bucket}, which must have been used before. */
    void pass(String bucket, Duration time);

    private static String bucket() {
        return "bucket " + UUID.randomUUID();
    }

    @Test
    default void aBucketHasSoManyTokensAndNoMore() {
        String bucket = bucket();
        Taken first = limits().take(bucket, TEN, 1);
        assertThat(first.granted()).isEqualTo(1);
        assertThat(first.remaining()).isEqualTo(9);
        assertThat(first.untilNext()).isZero();
        assertThat(first.untilFull()).isEqualTo(Duration.ofMinutes(6));

        Taken rest = limits().take(bucket, TEN, 12);
        assertThat(rest.granted()).isEqualTo(9);
        assertThat(rest.remaining()).isZero();

        Taken refused = limits().take(bucket, TEN, 1);
        assertThat(refused.isAllowed()).isFalse();
        assertThat(refused.untilNext()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(refused.untilFull()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
    }

    @Test
    default void tokensComeBackOneByOne() {
        String bucket = bucket();
        assertThat(limits().take(bucket, TEN, 10).granted()).isEqualTo(10);
        pass(bucket, Duration.ofMinutes(13));
        assertThat(limits().take(bucket, TEN, 5).granted()).isEqualTo(2);
        pass(bucket, Duration.ofDays(1));
        assertThat(limits().take(bucket, TEN, 100).granted()).isEqualTo(10);
    }

    @Test
    default void aClockThatIsSetBackKeepsNobodyOutForLonger() {
        String bucket = bucket();
        assertThat(limits().take(bucket, TEN, 10).granted()).isEqualTo(10);
        pass(bucket, Duration.ofDays(-1));
        assertThat(limits().take(bucket, TEN, 1).granted()).isZero();
        pass(bucket, Duration.ofHours(1));
        assertThat(limits().take(bucket, TEN, 10).granted()).isEqualTo(10);
    }

    @Test
    default void whatIsGivenBackIsThereAgain() {
        String bucket = bucket();
        assertThat(limits().take(bucket, TEN, 10).granted()).isEqualTo(10);
        assertThat(limits().take(bucket, TEN, -1).remaining()).isEqualTo(1);
        assertThat(limits().take(bucket, TEN, 5).granted()).isEqualTo(1);
    }

    @Test
    default void noBucketBecomesMoreThanFull() {
        String bucket = bucket();
        assertThat(limits().take(bucket, TEN, -1).remaining()).isEqualTo(10);
        assertThat(limits().take(bucket, TEN, 100).granted()).isEqualTo(10);
    }

    @Test
    default void bucketsHaveNothingToDoWithEachOther() {
        assertThat(limits().take(bucket(), TEN, 10).granted()).isEqualTo(10);
        assertThat(limits().take(bucket(), TEN, 10).granted()).isEqualTo(10);
    }

    @Test
    default void manyAtATimeGetExactlyWhatThereIs() throws ExecutionException, InterruptedException {
        RateLimit limit = RateLimit.of(100, Duration.ofHours(10));
        String bucket = bucket();
        List<Future<Taken>> asked = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                asked.add(threads.submit(() -> limits().take(bucket, limit, 1)));
            }
        }
        long granted = 0;
        for (Future<Taken> each : asked) {
            granted += each.get().granted();
        }
        assertThat(granted).isEqualTo(100);
    }
}
