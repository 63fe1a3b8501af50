package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryCursorTest {
    private static final int PAGE = 7;

    static List<Long> seeds() {
        return new Random().longs(200).boxed().toList();
    }

    /** A log that grows, a reader of it, and an announcer that loses, repeats and reorders. */
    private static final class World {
        final Random random;
        final DeliveryCursor cursor;
        final List<Long> delivered = new ArrayList<>();
        final List<long[]> announcements = new ArrayList<>();
        long head;
        long readUpTo;
        boolean reading;

        World(long seed) {
            random = new Random(seed);
            head = random.nextInt(30);
            cursor = new DeliveryCursor(head == 0 ? 0 : random.nextLong(head + 1));
        }

        void append() {
            long first = head + 1;
            head += 1 + random.nextInt(4);
            if (random.nextInt(10) > 0) {
                announcements.add(new long[] {first, head});
            }
            if (random.nextInt(10) == 0) {
                announcements.add(new long[] {first, head});
            }
        }

        void announce() {
            if (!announcements.isEmpty()) {
                long[] run = announcements.remove(random.nextInt(10) > 0 ? 0 : random.nextInt(announcements.size()));
                int skip = cursor.offer(run[0], run[1], random.nextInt(8) > 0);
                if (skip < 0) {
                    startReading();
                } else {
                    deliver(run[0] + skip, run[1]);
                }
            }
        }

        void startReading() {
            if (!reading) {
                reading = true;
                readUpTo = head; // the store's snapshot: what comes later is not in the answer
            }
        }

        void finishReading() {
            if (reading) {
                reading = false;
                long from = cursor.seen() + 1;
                long to = Math.min(readUpTo, from + PAGE - 1);
                deliver(from, to);
                if (cursor.readTo(Math.max(to, cursor.seen()), to < readUpTo)) {
                    startReading();
                }
            }
        }

        void deliver(long first, long last) {
            LongStream.rangeClosed(first, last).forEach(delivered::add);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyEventIsTakenOnceAndInOrderWhateverIsAnnounced(long seed) {
        World world = new World(seed);
        long start = world.cursor.seen();
        world.startReading();
        for (int step = 0; step < 500; step++) {
            switch (world.random.nextInt(4)) {
                case 0 -> world.append();
                case 1, 2 -> world.announce();
                default -> world.finishReading();
            }
        }
        if (world.cursor.known(world.head)) { // what a sweep finds out
            world.startReading();
        }
        while (world.reading) {
            world.finishReading();
        }
        assertThat(world.delivered)
                .as("seed %d", seed)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(start + 1, world.head).boxed().toList());
        assertThat(world.cursor.live()).isTrue();
    }
}
