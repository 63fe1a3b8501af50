package dev.tutti.core.stream;

import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import java.util.concurrent.CompletableFuture;

/** An append whose caller waits for {@code result}. */
record WaitingAppend(Append append, CompletableFuture<Appended> result) {
    int bytes() {
        return append.data().length();
    }
}
