package dev.tutti.testkit.client;

import java.net.URI;
import java.util.List;

/** The addresses of the instances, for one client, which goes to the next whenever something is wrong. Safe for many threads. */
public final class Addresses {
    private final List<URI> all;
    private int next;

    /** Begins with the {@code first} of them. */
    public Addresses(List<URI> all, int first) {
        this.all = List.copyOf(all);
        this.next = first;
    }

    synchronized URI next() {
        return all.get(Math.floorMod(next++, all.size()));
    }
}
