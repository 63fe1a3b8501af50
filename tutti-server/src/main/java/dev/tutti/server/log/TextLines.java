package dev.tutti.server.log;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.nio.charset.StandardCharsets;

/** The encoder of log lines as people read them. */
final class TextLines extends LayoutWrappingEncoder<ILoggingEvent> {
    /** One line per event, whatever a client's text has in it; the lines that follow a failure's line are its trace. */
    private static final String TEXT =
            "[%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX}] [%level] [INSTANCE] %replace(%words){'[\\r\\n]+', ' '}%n%ex";

    private final PatternLayout pattern = new PatternLayout();

    TextLines(String instance) {
        pattern.setPattern(TEXT.replace("INSTANCE", instance));
        pattern.getInstanceConverterMap().put("words", Words::new);
        setLayout(pattern);
        setCharset(StandardCharsets.UTF_8);
    }

    @Override
    public void start() {
        pattern.setContext(getContext());
        pattern.start();
        super.start();
    }

    /** The message, with spans of time as people write them. */
    private static final class Words extends MessageConverter {
        @Override
        public String convert(ILoggingEvent event) {
            return Durations.inWords(super.convert(event));
        }
    }
}
