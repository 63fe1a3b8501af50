package dev.tutti.testkit.client;

import dev.tutti.ErrorCode;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The outcome of one try to send, as the client learned it. */
public sealed interface Outcome {
    /** With these codes the server says that what was asked may have been done. */
    Set<String> MAY_HAVE_BEEN_DONE =
            Set.of(ErrorCode.TIMEOUT.text(), ErrorCode.INTERNAL.text(), ErrorCode.UNAVAILABLE.text());

    /** The message is durable. */
    record Acknowledged(long seq) implements Outcome {}

    /** Nothing was stored. */
    record Refused(String why) implements Outcome {}

    /** The message may be stored. */
    record Unknown() implements Outcome {}

    /** The outcome that an error answer tells of. */
    static Outcome of(JsonNode error) {
        String code = error.path("code").asString();
        return MAY_HAVE_BEEN_DONE.contains(code) ? new Unknown() : new Refused(code);
    }
}
