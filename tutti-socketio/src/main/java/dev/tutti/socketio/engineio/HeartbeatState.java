package dev.tutti.socketio.engineio;

/**
 * The state of a client's heartbeat: pinged once an interval, the client must let itself be heard within the time-out, or it is not
 * alive. Pure; the caller says what time it is, in nanoseconds of a monotonic clock. Engine.IO, "Heartbeat".
 */
final class HeartbeatState {
    private long heardAt;
    private long pingedAt;
    private boolean awaiting;

    /** The state of a client that has just come. */
    HeartbeatState(long now) {
        heardAt = now;
        pingedAt = now;
    }

    /** Something came from it. */
    void heard(long now) {
        heardAt = now;
    }

    /** It answered the ping. */
    void answered() {
        awaiting = false;
    }

    /** Whether it is to be pinged now; the caller then does so. */
    boolean beats(long now, EngineSettings settings) {
        if (awaiting || now - pingedAt < settings.pingInterval().toNanos()) {
            return false;
        }
        awaiting = true;
        pingedAt = now;
        return true;
    }

    /** Whether it was silent for too long. A ping that should have been sent by now counts as sent when it was due. */
    boolean hasStopped(long now, EngineSettings settings) {
        long asked = awaiting ? pingedAt : pingedAt + settings.pingInterval().toNanos();
        long since = heardAt - asked > 0 ? heardAt : asked;
        return now - since > settings.pingTimeout().toNanos();
    }
}
