package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Position;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresPositionTest {
    @Test
    void whatIsEmptyIsLeftOut() {
        assertThat(token("742:742:")).isEqualTo("3f9a0c12.742");
        assertThat(token("742:747:")).isEqualTo("3f9a0c12.742.5");
        assertThat(token("742:747:742,745")).isEqualTo("3f9a0c12.742.5.0-3");
    }

    @Test
    void everySnapshotIsReadBackFromItsToken() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            long xmin = random.nextLong(3, 1L << random.nextInt(3, 56));
            long xmax = xmin + random.nextInt(500);
            TreeSet<Long> running = new TreeSet<>();
            for (int i = random.nextInt(10); i > 0 && xmax > xmin; i--) {
                running.add(random.nextLong(xmin, xmax));
            }
            String snapshot = xmin + ":" + xmax + ":"
                    + running.stream().map(Object::toString).collect(Collectors.joining(","));

            PostgresPosition read = PostgresPosition.of(new Position(token(snapshot)));

            assertThat(read.toSnapshot()).as("seed %d", seed).isEqualTo(snapshot);
        }
    }

    @Test
    void manyRunningTransactionsMoveItBackRatherThanBeyondItsLength() {
        List<Long> running =
                LongStream.range(0, 1000).map(i -> 742 + 99_999 * i).boxed().toList();
        String snapshot =
                "742:999999742:" + running.stream().map(Object::toString).collect(Collectors.joining(","));

        assertThat(token(snapshot)).isEqualTo("3f9a0c12.742");
        String some = "742:999999742:"
                + running.stream().limit(350).map(Object::toString).collect(Collectors.joining(","));
        assertThat(token(some)).hasSizeLessThanOrEqualTo(Position.MAX_LENGTH).hasSizeGreaterThan(1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3f9a0c12",
                "3f9a0c12.",
                "3f9a0c12.0",
                "3f9a0c12.2",
                "3f9a0c12.0742",
                "3f9a0c12.-742",
                "3f9a0c12.742.0",
                "3f9a0c12.742.05",
                "3f9a0c12.742.5.",
                "3f9a0c12.742.5.5",
                "3f9a0c12.742.5.3-3",
                "3f9a0c12.742.5.3-0",
                "3f9a0c12.742.5.00",
                "3f9a0c12.742.5.0-",
                "3f9a0c12.742..0",
                "3f9a0c12.742.5.0.0",
                "3F9A0C12.742",
                "3f9a0c1.742",
                "3f9a0c12.9999999999999999999",
                "3f9a0c12.742.9999999999"
            })
    void anotherNotationIsRefused(String token) {
        assertThatThrownBy(() -> PostgresPosition.of(new Position(token)))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    private static String token(String snapshot) {
        return PostgresPosition.ofSnapshot("3f9a0c12", snapshot).toPosition().token();
    }
}
