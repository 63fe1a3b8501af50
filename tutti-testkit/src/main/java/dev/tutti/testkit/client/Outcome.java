package dev.tutti.testkit.client;

import dev.tutti.ErrorCode;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The outcome of one attempt to send a message, as far as the client knows it. */
public sealed interface Outcome {
    /** The error codes after which the request may have been executed. */
    Set<String> MAY_HAVE_BEEN_DONE =
            Set.of(ErrorCode.TIMEOUT.text(), ErrorCode.INTERNAL.text(), ErrorCode.UNAVAILABLE.text());

    /** The message is durable, with this seq. */
    record Acknowledged(long seq) implements Outcome {}

    /** The message was not stored; {@code why} is for people. */
    record Refused(String why) implements Outcome {}

    /** It is unknown whether the message was stored. */
    record Unknown() implements Outcome {}

    /** The outcome of an answer with {@code error}. */
    static Outcome of(JsonNode error) {
        String code = error.path("code").asString();
        return MAY_HAVE_BEEN_DONE.contains(code) ? new Unknown() : new Refused(code);
    }
}
