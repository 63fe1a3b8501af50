package dev.tutti.socket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers of many clients or instances.
 *
 * @param answers the arguments of each answer, in no order
 * @param complete whether every client or instance answered; false if one was too slow, disconnected, has no handler for the event, or sent
 *     an answer that is too large
 */
public record Answers(List<List<@Nullable Object>> answers, boolean complete) {
    // spelled out, because the compiler forgets the annotations of a compact one
    public Answers(List<List<@Nullable Object>> answers, boolean complete) {
        this.answers = List.copyOf(answers);
        this.complete = complete;
    }
}
