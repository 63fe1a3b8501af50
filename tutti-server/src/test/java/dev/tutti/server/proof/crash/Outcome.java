package dev.tutti.server.proof.crash;

import dev.tutti.ErrorCode;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** What a client learned about one try to send. */
sealed interface Outcome {
    /** It is durable. */
    record Acknowledged(long seq) implements Outcome {}

    /** Nothing was stored. */
    record Refused(String why) implements Outcome {}

    /** It may be stored. */
    record Unknown() implements Outcome {}

    /** The outcome that an error answer tells of. */
    static Outcome of(JsonNode error) {
        String code = error.path("code").asString();
        // of these the server says that what was asked may have been done
        boolean unknown = Arrays.asList(ErrorCode.TIMEOUT, ErrorCode.INTERNAL, ErrorCode.UNAVAILABLE).stream()
                .anyMatch(each -> each.text().equals(code));
        return unknown ? new Unknown() : new Refused(code);
    }
}
