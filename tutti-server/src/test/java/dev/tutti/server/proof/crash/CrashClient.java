package dev.tutti.server.proof.crash;

import java.util.List;

/** Somebody who is connected, again and again, receives, and can send. */
interface CrashClient extends Speaker.Line, AutoCloseable {
    /** What it has been given. */
    Seen seen();

    /** The streams it sends to. */
    List<String> streams();

    @Override
    void close();
}
