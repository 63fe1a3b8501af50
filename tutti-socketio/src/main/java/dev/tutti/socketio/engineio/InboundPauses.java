package dev.tutti.socketio.engineio;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The pauses in which a session takes nothing from its client: its listener does not want more, or the client has sent too
 * much. The session takes more when neither is so. Confined to the session's event loop.
 */
final class InboundPauses {
    private final EventLoop loop;
    private final Runnable stopTaking;
    private final Runnable goOnTaking;
    private boolean paused;
    private boolean resting;

    /** None yet, on {@code loop}; calls {@code stopTaking} with the first reason, and {@code goOnTaking} behind the last one. */
    InboundPauses(EventLoop loop, Runnable stopTaking, Runnable goOnTaking) {
        this.loop = loop;
        this.stopTaking = stopTaking;
        this.goOnTaking = goOnTaking;
    }

    /** Whether there is a reason. */
    boolean any() {
        return paused || resting;
    }

    /** The listener wants no more. Idempotent. */
    void pause() {
        begin();
        paused = true;
    }

    /** The listener wants more. Idempotent. */
    void resume() {
        if (paused) {
            paused = false;
            end();
        }
    }

    /** The client has sent too much, and makes up for it within {@code time}. */
    void rest(Duration time) {
        if (!resting) {
            begin();
            resting = true;
            var _ = loop.schedule(this::rested, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void rested() {
        resting = false;
        end();
    }

    private void begin() {
        if (!any()) {
            stopTaking.run();
        }
    }

    private void end() {
        if (!any()) {
            goOnTaking.run();
        }
    }
}
