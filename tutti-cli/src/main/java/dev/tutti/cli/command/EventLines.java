package dev.tutti.cli.command;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.stream.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/**
 * Events that come as lines of JSON and are published in requests of many, in their order. Ends at the first line that is refused:
 * all before it are published then, and none behind the request that it was in. Ends as well at the first request that fails for a reason
 * other than its events. For one thread, once.
 */
final class EventLines {
    private static final int MOST_EVENTS = 1_000;

    /** Of the events of a request, with a comma each: a body may have 1 MiB, of which the array has its brackets. */
    private static final int MOST_BYTES = 1024 * 1024 - 2;

    private record Line(long number, String json) {}

    private final JsonCodec codec = new JsonCodec();
    private final List<Line> waiting = new ArrayList<>();
    private final InputStream input;
    private final ServerClient client;
    private int waitingBytes;
    private long number; // of the line that was read last
    private long published;
    private long repeated;

    /** Those of {@code input}, which is not closed, for {@code client}. */
    EventLines(InputStream input, ServerClient client) {
        this.input = new BufferedInputStream(input);
        this.client = client;
    }

    /**
     * Publishes all. Lines that wait are sent when no other is there to be read yet, so that a program may write them one by one.
     *
     * @throws TuttiException if one is refused, or the server cannot be reached
     */
    void publish() throws IOException, InterruptedException {
        for (Optional<byte[]> line = next(); line.isPresent(); line = next()) {
            add(line.get());
            if (input.available() == 0) {
                send();
            }
        }
        send();
    }

    /** How many were stored, with those of {@link #repeated()}. */
    long published() {
        return published;
    }

    /** How many were there before, under the same keys. */
    long repeated() {
        return repeated;
    }

    private Optional<byte[]> next() throws IOException, InterruptedException {
        int next = input.read();
        if (next < 0) {
            return Optional.empty();
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (next >= 0 && next != '\n') {
            if (line.size() == MOST_BYTES) {
                send();
                throw refused(number, "it has more than " + MOST_BYTES + " bytes, which no request may");
            }
            line.write(next);
            next = input.read();
        }
        return Optional.of(line.toByteArray());
    }

    private void add(byte[] line) throws InterruptedException {
        String json = new String(line, StandardCharsets.UTF_8);
        if (json.isBlank()) {
            return;
        }
        if (!json.stripLeading().startsWith("{") || !isJson(line)) {
            send();
            throw refused(
                    number,
                    "it is not one JSON object, such as {\"stream\":\"room:lobby\",\"type\":\"said\",\"data\":1}");
        }
        if (waiting.size() == MOST_EVENTS || waitingBytes + line.length >= MOST_BYTES) {
            send();
        }
        waiting.add(new Line(number, json));
        waitingBytes += line.length + 1;
    }

    /** Otherwise one line could be wrong in a way that makes it impossible to say which. */
    private boolean isJson(byte[] line) {
        try {
            Json _ = codec.checked(line);
            return true;
        } catch (TuttiException malformed) {
            return false;
        }
    }

    private void send() throws InterruptedException {
        List<Line> batch = List.copyOf(waiting);
        waiting.clear();
        waitingBytes = 0;
        if (!batch.isEmpty()) {
            send(batch);
        }
    }

    /** Of a request that is refused for its events nothing is stored: its halves are sent, until the line is found that is the reason. */
    private void send(List<Line> batch) throws InterruptedException {
        JsonNode answer;
        try {
            answer = client.ask(
                    "POST",
                    "/api/streams",
                    Optional.of(
                            batch.stream().map(Line::json).map(RawValue::new).toList()));
        } catch (TuttiException failure) {
            if (failure.code() != ErrorCode.BAD_REQUEST) {
                throw failed(batch, failure);
            }
            if (batch.size() == 1) {
                throw refused(batch.getFirst().number(), String.valueOf(failure.getMessage()));
            }
            int half = batch.size() / 2;
            send(batch.subList(0, half));
            send(batch.subList(half, batch.size()));
            return;
        }
        count(batch, answer.path("results"));
    }

    /** The words for {@code failure}, which is not about the events. */
    private static TuttiException failed(List<Line> batch, TuttiException failure) {
        String outcome = failure.code() == ErrorCode.UNAVAILABLE
                ? "may have been published or not; send them again, as those with a key are not published twice: "
                : "were not published, nor any behind them: ";
        return new TuttiException(
                failure.code(),
                "lines " + batch.getFirst().number() + " to " + batch.getLast().number() + " " + outcome
                        + failure.getMessage(),
                failure);
    }

    /** Of a request that is not refused each event is stored or not on its own. */
    private void count(List<Line> batch, JsonNode results) {
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            JsonNode result = results.path(i);
            if (result.has("seq")) {
                published++;
                repeated += result.path("repeated").asBoolean(false) ? 1 : 0;
            } else {
                JsonNode error = result.path("error");
                refused.add("line " + batch.get(i).number() + " was refused: "
                        + error.path("code").asString("no reason") + ": "
                        + error.path("message").asString(""));
            }
        }
        if (!refused.isEmpty()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    String.join("\n", refused) + "\nnone behind line "
                            + batch.getLast().number() + " was sent");
        }
    }

    private static TuttiException refused(long number, String why) {
        return new TuttiException(
                ErrorCode.BAD_REQUEST, "line " + number + " was refused, and none behind it was sent: " + why);
    }
}
