package dev.tutti.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharesTest {
    /** Takes single ones for {@code holder} until no more is given. */
    private static List<Shares.Part> takeAll(Shares shares, String holder, boolean known) {
        List<Shares.Part> parts = new ArrayList<>();
        for (Optional<Shares.Part> part = shares.take(holder, known, 1);
                part.isPresent();
                part = shares.take(holder, known, 1)) {
            parts.add(part.get());
        }
        return parts;
    }

    @Test
    void oneHolderComesToItsShareAndOthersStillFindSomething() {
        Shares shares = new Shares(10_000, 90, 0);
        assertThat(takeAll(shares, "flood", false)).hasSize(9_000);
        assertThat(takeAll(shares, "second", false)).hasSize(900);
        for (int i = 0; i < 50; i++) {
            assertThat(shares.take("guest-" + i, false, 1)).isPresent();
        }
    }

    @Test
    void theReserveIsForThoseWhoAreLoggedIn() {
        Shares shares = new Shares(1_000, 100, 10);
        assertThat(takeAll(shares, "strangers", false)).hasSize(900);
        assertThat(takeAll(shares, "account", true)).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8})
    void aSmallWholeCanBeHadWhole(int whole) {
        assertThat(takeAll(new Shares(whole, 50, 0), "one", false)).hasSize(whole);
    }

    @Test
    void whatIsClosedIsThereAgainOnce() {
        Shares shares = new Shares(4, 100, 0);
        Shares.Part part = shares.take("a", false, 2).orElseThrow();
        assertThat(part.grow(3)).isFalse();
        assertThat(part.grow(2)).isTrue();
        part.close();
        part.close();
        assertThat(part.grow(1)).isFalse();
        assertThat(part.moveTo("b")).isFalse();
        assertThat(shares.taken()).isZero();
        assertThat(shares.taken("a")).isZero();
    }

    @Test
    void aLoginMovesWhatIsHeldToTheAccount() {
        Shares shares = new Shares(100, 50, 10);
        Shares.Part part = shares.take("address", false, 1).orElseThrow();
        assertThat(part.moveTo("account")).isTrue();
        assertThat(shares.taken("address")).isZero();
        assertThat(shares.taken("account")).isEqualTo(1);
        takeAll(shares, "account", true);
        Shares.Part other = shares.take("address", false, 1).orElseThrow();
        assertThat(other.moveTo("account")).isFalse();
        assertThat(shares.taken("address")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsLostOrGivenTwice(long seed) {
        Random random = new Random(seed);
        Shares shares = new Shares(1 + random.nextInt(200), 1 + random.nextInt(100), random.nextInt(50));
        List<Shares.Part> parts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Shares.Part any = parts.isEmpty() ? null : parts.get(random.nextInt(parts.size()));
            switch (random.nextInt(5)) {
                case 0, 1 ->
                    shares.take("h" + random.nextInt(6), random.nextBoolean(), 1 + random.nextInt(4))
                            .ifPresent(parts::add);
                case 2 -> {
                    boolean _ = any != null && any.grow(1 + random.nextInt(4));
                }
                case 3 -> {
                    boolean _ = any != null && any.moveTo("h" + random.nextInt(6));
                }
                default -> {
                    if (any != null) {
                        any.close();
                        parts.remove(any);
                    }
                }
            }
            assertThat(shares.taken()).isBetween(0L, shares.whole());
        }
        parts.forEach(Shares.Part::close);
        assertThat(shares.taken()).isZero();
    }

    @Test
    void unreasonableOnesAreRefused() {
        assertThatThrownBy(() -> new Shares(0, 50, 0)).hasMessageContaining("shares are of 0, 50 %");
        assertThatThrownBy(() -> new Shares(1, 101, 0)).hasMessageContaining("101 %");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
        "2001:db8:1:2::, 2001:db8:1:2:0:0:0:0/64",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:0/64",
        "unknown, unknown",
        "1:2:3, 1:2:3"
    })
    void anAddressCountsForItsOwner(String address, String holder) {
        assertThat(NetworkAddress.holder(address)).isEqualTo(holder);
    }
}
