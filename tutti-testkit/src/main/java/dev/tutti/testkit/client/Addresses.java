package dev.tutti.testkit.client;

import java.net.URI;
import java.util.List;

/** The addresses of the instances, for one client, which uses the next one after each failure. Safe for use by many threads. */
public final class Addresses {
    private final List<URI> all;
    private int next;

    /** The addresses {@code all}, beginning with number {@code first}, from 0; larger numbers begin again at the first address. */
    public Addresses(List<URI> all, int first) {
        this.all = List.copyOf(all);
        this.next = first;
    }

    synchronized URI next() {
        return all.get(Math.floorMod(next++, all.size()));
    }
}
