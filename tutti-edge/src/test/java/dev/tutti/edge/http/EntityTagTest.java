package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.http.EntityTag;
import org.junit.jupiter.api.Test;

class EntityTagTest {
    @Test
    void aTagIsNamedByItselfWeakOrStrongOrByAStar() {
        for (EntityTag tag : new EntityTag[] {new EntityTag("5", true), new EntityTag("5", false)}) {
            for (String header : new String[] {"\"5\"", "W/\"5\"", " \"4\" ,\t\"5\"", "*"}) {
                assertThat(tag.isNamedIn(header)).as(header).isTrue();
            }
            for (String header : new String[] {"", "5", "w/\"5\"", "\"55\"", "\"5\"x", "W/5"}) {
                assertThat(tag.isNamedIn(header)).as(header).isFalse();
            }
        }
    }

    @Test
    void aTagIsWrittenWithQuotesAndSaysWhatItMayNotHave() {
        assertThat(new EntityTag("5", false)).hasToString("\"5\"");
        assertThat(new EntityTag("5", true)).hasToString("W/\"5\"");
        assertThatThrownBy(() -> new EntityTag("a\"b", false)).hasMessageContaining("entity tag 'a\"b'; allowed are");
        assertThatThrownBy(() -> new EntityTag("a\nb", true)).hasMessageContaining("allowed are visible ASCII");
    }
}
