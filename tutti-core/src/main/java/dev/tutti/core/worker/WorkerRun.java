package dev.tutti.core.worker;

import dev.tutti.lease.Lease;
import dev.tutti.worker.WorkerContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run of a worker, under one lease. Safe for use by many threads. */
final class WorkerRun implements WorkerContext {
    private final String type;
    private final int shard;
    private final int shards;
    private final Lease lease;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /** One on the current thread. */
    WorkerRun(String type, int shard, int shards, Lease lease) {
        this.type = type;
        this.shard = shard;
        this.shards = shards;
        this.lease = lease;
        this.thread = Thread.currentThread();
        lease.onLost(() -> {
            boolean _ = stop();
            thread.interrupt();
        });
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public int shard() {
        return shard;
    }

    @Override
    public int shards() {
        return shards;
    }

    @Override
    public Lease lease() {
        return lease;
    }

    @Override
    public boolean isActive() {
        return stopping.getCount() > 0 && lease.isHeld();
    }

    @Override
    public boolean pause(Duration time) throws InterruptedException {
        return !stopping.await(time.toNanos(), TimeUnit.NANOSECONDS) && isActive();
    }

    /** Somebody else shall take over. False if it was told so before. */
    synchronized boolean stop() {
        boolean first = stopping.getCount() > 0;
        stopping.countDown();
        return first;
    }

    /** It has been told for long enough. */
    void interrupt() {
        thread.interrupt();
    }
}
