package dev.tutti.socketio.engineio;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The pauses in which a session takes nothing from its client: its listener does not want more, or the client has sent too
 * much. The session takes more when neither is so. Confined to the session's event loop.
 */
final class InboundPauses {
    private final EngineSession session;
    private boolean paused;
    private boolean resting;

    InboundPauses(EngineSession session) {
        this.session = session;
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
            var _ = session.loop().schedule(this::rested, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void rested() {
        resting = false;
        end();
    }

    private void begin() {
        if (!any()) {
            session.stopTaking();
        }
    }

    private void end() {
        if (!any()) {
            session.goOnTaking();
        }
    }
}
