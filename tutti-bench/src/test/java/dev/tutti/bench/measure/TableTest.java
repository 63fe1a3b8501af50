package dev.tutti.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsLineUpAndTheMachineIsNamed() {
        Table table = new Table("title", "", "per second", "of raw");
        table.row("raw", Table.count(1234567), Table.ratio(1, 1));
        table.row("ours, longer", Table.count(9), Table.ratio(2, 3));
        table.note("a note");
        assertThat(table.toString().lines().toList())
                .startsWith("title")
                .contains("               per second   of raw")
                .contains("raw             1,234,567     1.00")
                .contains("ours, longer            9     0.67")
                .endsWith("- a note");
        assertThat(table.toString()).contains(Runtime.getRuntime().availableProcessors() + " cores");
    }

    @Test
    void aRowOfTheWrongLengthIsRefused() {
        Table table = new Table("title", "one", "two");
        assertThatThrownBy(() -> table.row("one")).hasMessageContaining("two");
    }

    @Test
    void theMiddleOfAFewIsTheMedian() {
        assertThat(Medians.of(List.of(5, 1, 100), Integer::doubleValue)).isEqualTo(5);
        assertThat(Medians.of(List.of(4, 1, 100, 2), Integer::doubleValue)).isEqualTo(3);
        assertThat(Medians.of(List.of(7), Integer::doubleValue)).isEqualTo(7);
    }
}
