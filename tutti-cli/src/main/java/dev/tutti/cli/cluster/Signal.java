package dev.tutti.cli.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The signals that the programs of a cluster understand. */
enum Signal {
    /** Leave: workers and Redis. */
    TERM,
    /** nginx: finish what was begun, accept nothing more, and leave. */
    QUIT,
    /** HAProxy: the same. */
    USR1,
    /** nginx and workers: read again what may have changed. */
    HUP;

    private static final Logger log = LoggerFactory.getLogger(Signal.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Sends it; to a process that has ended, in vain. */
    void send(ProcessHandle process) {
        if (this == TERM) {
            process.destroy();
            return;
        }
        try {
            // the shell's own kill: there is none in /bin everywhere
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name() + " " + process.pid()).start();
            if (!kill.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                kill.destroy();
            }
        } catch (IOException failure) {
            if (this == HUP) {
                log.warn("Process {} was not told to read again: {}", process.pid(), failure.getMessage());
            } else {
                process.destroy(); // without a shell: less gently
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
