package dev.tutti.faults.judge;

import dev.tutti.testkit.history.Finding;
import java.util.List;

/** Looks at one promise from its beginning to its end, beside the clients whose history is judged. */
public interface Judge extends AutoCloseable {
    /** What is wrong so far, or in all when it has ended. */
    List<Finding> soFar();

    /** For people: how much was judged, in one line. */
    String line();

    /** Ends it. Idempotent. */
    @Override
    void close();
}
