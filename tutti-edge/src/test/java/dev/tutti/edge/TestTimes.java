package dev.tutti.edge;

import java.time.Duration;

/** Time-outs for tests that wait for one of them. */
public final class TestTimes {
    private static final EdgeSettings.Times USUAL = EdgeSettings.Times.DEFAULT;

    private TestTimes() {}

    public static EdgeSettings.Times authentication(long millis) {
        return new EdgeSettings.Times(
                USUAL.request(), USUAL.idle(), USUAL.handler(), Duration.ofMillis(millis), USUAL.ping());
    }

    public static EdgeSettings.Times request(long millis) {
        return new EdgeSettings.Times(
                Duration.ofMillis(millis), USUAL.idle(), USUAL.handler(), USUAL.authentication(), USUAL.ping());
    }

    public static EdgeSettings.Times idle(long millis) {
        return new EdgeSettings.Times(
                USUAL.request(), Duration.ofMillis(millis), USUAL.handler(), USUAL.authentication(), USUAL.ping());
    }

    public static EdgeSettings.Times handler(long millis) {
        return new EdgeSettings.Times(
                USUAL.request(), USUAL.idle(), Duration.ofMillis(millis), USUAL.authentication(), USUAL.ping());
    }

    public static EdgeSettings.Times ping(long millis) {
        return new EdgeSettings.Times(
                USUAL.request(), USUAL.idle(), USUAL.handler(), USUAL.authentication(), Duration.ofMillis(millis));
    }
}
