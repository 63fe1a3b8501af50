package dev.tutti.faults.client;

import dev.tutti.ErrorCode;
import tools.jackson.databind.JsonNode;

/** What a client learned about one try to send. */
public sealed interface Outcome {
    /** It is durable. */
    record Acknowledged(long seq) implements Outcome {}

    /** Nothing was stored. */
    record Refused(String why) implements Outcome {}

    /** It may be stored. */
    record Unknown() implements Outcome {}

    /** The outcome that an error answer tells of: of two codes the server says that what was asked may have been done. */
    static Outcome of(JsonNode error) {
        String code = error.path("code").asString();
        boolean unknown = code.equals(ErrorCode.TIMEOUT.text()) || code.equals(ErrorCode.INTERNAL.text());
        return unknown ? new Unknown() : new Refused(code);
    }
}
