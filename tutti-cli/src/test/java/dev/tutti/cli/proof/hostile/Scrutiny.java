package dev.tutti.cli.proof.hostile;

import dev.tutti.testkit.client.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Looks at every byte that the server answers for what must never be in it. Safe for use by many threads. */
final class Scrutiny {
    private static final Pattern INNER = Pattern.compile(
            "\\bat [a-z]+\\.[a-z]+.*\\.java:|Exception|dev\\.tutti\\.|io\\.(netty|vertx)|org\\.postgresql"
                    + "|tools\\.jackson|java\\.(lang|util|io)\\.|SQLSTATE|ERROR: ");

    private final List<String> leaks = new ArrayList<>();

    /** Takes something that the server said. */
    synchronized void see(String said) {
        if (INNER.matcher(said).find()) {
            leaks.add(said.substring(0, Math.min(said.length(), 500)));
        }
    }

    /** What spoke of the server's insides. */
    synchronized List<String> leaks() {
        return List.copyOf(leaks);
    }

    /** The code in an error message; empty if it is none. */
    static String errorCode(String json) {
        try {
            return Api.JSON.readTree(json).path("error").path("code").asString("");
        } catch (JacksonException notJson) {
            return "";
        }
    }
}
