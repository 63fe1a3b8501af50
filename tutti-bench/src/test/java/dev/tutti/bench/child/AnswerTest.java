package dev.tutti.bench.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AnswerTest {
    @Test
    void anAnswerGoesThroughALineUnchanged() {
        Answer answer = Answer.of("port", 8080).and("name", "a=b");
        assertThat(Answer.parse(answer.toString())).isEqualTo(answer);
        assertThat(Answer.parse("")).isEqualTo(Answer.DONE);
    }

    @Test
    void aMissingValueIsNamed() {
        assertThatThrownBy(() -> Answer.of("port", 1).number("credits")).hasMessageContaining("credits");
    }
}
