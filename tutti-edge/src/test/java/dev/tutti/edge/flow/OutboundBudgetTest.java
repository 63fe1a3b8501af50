package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutboundBudgetTest {
    private final OutboundBudget budget = new OutboundBudget(1_000);

    @Test
    void oneAddressThatReadsNothingLeavesRoomForOthers() {
        while (budget.takes("greedy", 100)) {
            budget.answer("greedy", 100);
        }

        assertThat(budget.waiting()).isEqualTo(600);
        assertThat(budget.takes("modest", 100)).isTrue();
        budget.answer("modest", 200);
        assertThat(budget.takes("modest", 100)).isFalse();
        assertThat(budget.takes("newcomer", 200)).isTrue();
        assertThat(budget.takes("newcomer", 201)).isFalse();
    }

    @Test
    void whatWasReadLeavesNothingBehind() {
        budget.answer("greedy", 600);
        budget.answer("greedy", 0);
        budget.answer("greedy", 0);
        budget.answer("greedy", -600);

        assertThat(budget.waiting()).isZero();
        budget.add(600);
        assertThat(budget.takes("greedy", 300)).isTrue();
    }
}
