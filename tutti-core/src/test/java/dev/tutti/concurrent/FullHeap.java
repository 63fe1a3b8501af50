package dev.tutti.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A program of its own: fills its heap with tasks of a serial executor until one is refused, and prints which of them ran then. */
final class FullHeap {
    private static final byte[] NOTHING = {};

    /** The room for what follows. */
    static byte[] reserve = new byte[2 << 20];

    private FullHeap() {}

    public static void main(String[] arguments) {
        SerialExecutor executor = new SerialExecutor("full");
        CompletableFuture<Void> begin = new CompletableFuture<>();
        CompletableFuture<String> end = new CompletableFuture<>();
        AtomicBoolean first = new AtomicBoolean();
        AtomicInteger others = new AtomicInteger();
        Runnable other = others::incrementAndGet;
        executor.execute(begin::join);
        executor.execute(() -> first.set(true));
        int taken = 0;
        try {
            while (true) {
                executor.execute(other);
                taken++;
            }
        } catch (OutOfMemoryError refused) {
            reserve = NOTHING;
        }
        int expected = taken;
        executor.execute(() -> end.complete("first " + first + ", " + others + " of " + expected + " others"));
        begin.complete(null);
        System.out.println(end.join());
    }
}
