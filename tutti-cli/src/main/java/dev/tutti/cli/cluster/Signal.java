package dev.tutti.cli.cluster;

import java.io.IOException;

/** The signals that the programs of a cluster understand. */
enum Signal {
    /** Leave: workers and Redis. */
    TERM,
    /** nginx: finish what was begun, accept nothing more, and leave. */
    QUIT,
    /** HAProxy: the same. */
    USR1,
    /** nginx: read the configuration again. */
    HUP;

    /** Sends it; to a process that has ended, in vain. */
    void send(ProcessHandle process) {
        if (this == TERM) {
            process.destroy();
            return;
        }
        try {
            // the shell's own kill: there is none in /bin everywhere
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name() + " " + process.pid())
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            process.destroy(); // without a shell: less gently
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
