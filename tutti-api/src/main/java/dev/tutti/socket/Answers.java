package dev.tutti.socket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers of many clients or instances.
 *
 * @param answers the arguments of each answer, in no order
 * @param complete whether everybody answered; if not, somebody was too slow, went away, has no handler for what was asked, or answered too much
 */
public record Answers(List<List<@Nullable Object>> answers, boolean complete) {
    // spelled out, because the compiler forgets the annotations of a compact one
    public Answers(List<List<@Nullable Object>> answers, boolean complete) {
        this.answers = List.copyOf(answers);
        this.complete = complete;
    }
}
