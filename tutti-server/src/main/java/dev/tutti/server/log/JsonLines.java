package dev.tutti.server.log;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.JsonEscapeUtil;
import java.time.Instant;

/** Logback's JSON lines without what nobody reads, with the time as people write it and the instance's name. */
final class JsonLines extends JsonEncoder {
    private final String instance;

    JsonLines(String instance) {
        this.instance = instance;
        setWithSequenceNumber(false);
        setWithTimestamp(false);
        setWithNanoseconds(false);
        setWithContext(false);
        setWithMessage(false);
        setWithArguments(false);
        setWithFormattedMessage(false); // written here, with spans of time as people write them
        setWithMarkers(false);
        setWithMDC(false);
    }

    @Override
    protected void appendCustomFields(StringBuilder line, ILoggingEvent event) {
        appendValueSeparator(line, true);
        appenderMember(line, "time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        appendValueSeparator(line, true);
        appenderMember(line, "instance", instance);
        appendValueSeparator(line, true);
        appenderMember(
                line,
                "formattedMessage",
                JsonEscapeUtil.jsonEscapeString(Durations.inWords(event.getFormattedMessage())));
    }
}
