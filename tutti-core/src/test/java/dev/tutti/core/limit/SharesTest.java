package dev.tutti.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
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

    /** Of one /48, each of which would have a hundredth whatever is left. */
    @Test
    void aCustomerWithManyNetworksHasItsShareAndOthersStillFindSomething() {
        Shares shares = new Shares(10_000, 50, 0);
        assertThat(takeAll(shares, network(1, 0), false)).hasSize(5_000);
        for (int i = 1; i < 256; i++) {
            takeAll(shares, network(1, i), false);
        }

        assertThat(shares.taken()).isEqualTo(6_666);
        assertThat(shares.taken("2001:db8:1:0:0:0:0:0/48")).isEqualTo(6_666);
        assertThat(takeAll(shares, "192.0.2.1", false)).hasSize(1_667);
        assertThat(takeAll(shares, network(2, 0), false)).hasSizeGreaterThan(100);
        assertThat(shares.take(network(1, 256), false, 1)).isEmpty();
    }

    @Test
    void whatALoginMovesToTheAccountLeavesTheSite() {
        Shares shares = new Shares(100, 50, 0);
        Shares.Part part = shares.take(network(1, 1), false, 3).orElseThrow();
        assertThat(shares.taken("2001:db8:1:0:0:0:0:0/48")).isEqualTo(3);
        assertThat(part.moveTo("account")).isTrue();
        assertThat(shares.taken("2001:db8:1:0:0:0:0:0/48")).isZero();
        assertThat(shares.taken()).isEqualTo(3);
    }

    private static String network(int site, int network) {
        return "2001:db8:" + site + ":" + Integer.toHexString(network) + ":0:0:0:0/64";
    }

    /** The same by sums over all that was taken. */
    private static final class Model {
        private final long whole;
        private final long percent;
        private final long reserve;
        private final List<Piece> pieces = new ArrayList<>();

        private Model(int whole, int percent, int reservePercent) {
            this.whole = whole;
            this.percent = percent;
            this.reserve = (long) whole * reservePercent / 100;
        }

        private static final class Piece {
            private final Shares.Part part;
            private String holder;
            private boolean known;
            private long amount;

            private Piece(Shares.Part part, String holder, boolean known, long amount) {
                this.part = part;
                this.holder = holder;
                this.known = known;
                this.amount = amount;
            }
        }

        private long sum(Predicate<Piece> which) {
            return pieces.stream()
                    .filter(which)
                    .mapToLong(piece -> piece.amount)
                    .sum();
        }

        /** Whether {@code holder} may have {@code amount} more, beside all but {@code moved}. */
        private boolean mayTake(String holder, boolean known, long amount, @Nullable Piece moved) {
            Predicate<Piece> others = piece -> moved == null || !piece.part.equals(moved.part);
            long left = whole - (known ? 0 : reserve) - sum(others) - amount;
            long own = sum(others.and(piece -> piece.holder.equals(holder))) + amount;
            long ofSite = sum(others.and(piece -> site(piece.holder).equals(site(holder)))) + amount;
            return left >= 0 && isShare(own, left) && (!holder.endsWith("/64") || isShare(ofSite, 2 * left));
        }

        private boolean isShare(long holds, long ofWhatIsLeft) {
            return holds <= Math.max(8, whole / 100)
                    || percent == 100
                    || holds * (100 - percent) <= ofWhatIsLeft * percent;
        }

        /** The first three groups of an address; all that is none has its own. */
        private static String site(String holder) {
            return holder.endsWith("/64")
                    ? String.join(":", List.of(holder.split(":", -1)).subList(0, 3))
                    : holder;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void eachHasWhatIsFreeAndItsShareAndNothingIsLostOrGivenTwice(long seed) {
        Random random = new Random(seed);
        int whole = 1 + random.nextInt(200);
        int percent = 1 + random.nextInt(100);
        int reservePercent = random.nextInt(50);
        Shares shares = new Shares(whole, percent, reservePercent);
        Model model = new Model(whole, percent, reservePercent);
        for (int i = 0; i < 5_000; i++) {
            Model.Piece any = model.pieces.isEmpty() ? null : model.pieces.get(random.nextInt(model.pieces.size()));
            String holder = holder(random);
            long amount = 1L + random.nextInt(4);
            if (any == null || random.nextInt(3) == 0) {
                boolean known = random.nextBoolean();
                boolean expected = model.mayTake(holder, known, amount, null);
                Optional<Shares.Part> part = shares.take(holder, known, amount);
                assertThat(part.isPresent()).isEqualTo(expected);
                part.ifPresent(taken -> model.pieces.add(new Model.Piece(taken, holder, known, amount)));
            } else {
                change(any, random.nextInt(4), holder, amount, model);
            }
            assertThat(shares.taken()).isEqualTo(model.sum(_ -> true)).isLessThanOrEqualTo(whole);
            assertThat(shares.taken(holder)).isEqualTo(model.sum(piece -> piece.holder.equals(holder)));
        }
        model.pieces.forEach(piece -> piece.part.close());
        assertThat(shares.taken()).isZero();
        assertThat(shares.taken("2001:db8:1:0:0:0:0:0/48")).isZero();
    }

    private static void change(Model.Piece any, int how, String holder, long amount, Model model) {
        switch (how) {
            case 0 -> {
                boolean expected = any.amount > 0 && model.mayTake(any.holder, any.known, amount, null);
                assertThat(any.part.grow(amount)).isEqualTo(expected);
                any.amount += expected ? amount : 0;
            }
            case 1 -> {
                boolean same = any.holder.equals(holder);
                boolean expected = any.amount > 0 && (same || model.mayTake(holder, true, any.amount, any));
                assertThat(any.part.moveTo(holder)).isEqualTo(expected);
                if (expected && !same) {
                    any.holder = holder;
                    any.known = true;
                }
            }
            case 2 -> {
                any.part.shrink(amount);
                any.amount = Math.max(0, any.amount - amount);
            }
            default -> {
                any.part.close();
                model.pieces.remove(any);
            }
        }
    }

    /** Names, and networks of two sites. */
    private static String holder(Random random) {
        int one = random.nextInt(12);
        return one < 4 ? "h" + one : network(1 + one % 2, one);
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

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:0:0:0:0:0/48",
        "2001:db8:1::1, 2001:db8:1:0:0:0:0:0/48",
        "::1, 0:0:0:0:0:0:0:0/48",
        "192.0.2.7, ''",
        "::ffff:192.0.2.7, ''",
        "unknown, ''",
        ":0:0:0:0/64, ''",
        "x:0:0:0:0/64, ''"
    })
    void aNetworkIsInItsSite(String address, String site) {
        assertThat(NetworkAddress.site(NetworkAddress.holder(address)).orElse(""))
                .isEqualTo(site);
    }
}
