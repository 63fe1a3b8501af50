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
        long start;
        long head;
        long readUpTo;
        boolean reading;

        World(long seed) {
            random = new Random(seed);
            head = random.nextInt(30);
            start = head == 0 ? 0 : random.nextLong(head + 1);
            cursor = new DeliveryCursor(start);
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
                } else if (random.nextInt(20) > 0) { // else the subscriber throws, and is given it again
                    deliver(run[0] + skip, run[1]);
                    cursor.had(run[1]);
                } else {
                    startReading();
                }
            }
        }

        /** Somebody says that there is more than there is. */
        void lie() {
            if (cursor.known(head + 1 + random.nextInt(1_000_000))) {
                startReading();
            }
        }

        /** The log loses its latest events, and the subscriber is told; what is reading reads nothing. */
        void lose() {
            announcements.clear();
            long kept = head - random.nextLong(Math.min(head, 5) + 1);
            head = kept;
            if (cursor.seen() > kept) {
                delivered.removeIf(seq -> seq > kept);
                start = Math.min(start, kept);
                cursor.gap(kept);
                reading = false;
                startReading();
            } else if (reading) {
                readUpTo = Math.min(readUpTo, kept);
            }
        }

        void startReading() {
            if (!reading) {
                reading = true;
                cursor.reading();
                readUpTo = head; // the store's snapshot: what comes later is not in the answer
            }
        }

        void finishReading() {
            if (reading) {
                reading = false;
                long from = cursor.seen() + 1;
                long to = Math.min(readUpTo, from + PAGE - 1);
                deliver(from, to);
                cursor.had(to);
                if (cursor.read(to < readUpTo)) {
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
        world.startReading();
        for (int step = 0; step < 500; step++) {
            switch (world.random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> world.append();
                case 5 -> world.lie();
                case 6 -> world.lose();
                case 7, 8, 9, 10, 11, 12, 13 -> world.announce();
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
                .containsExactlyElementsOf(LongStream.rangeClosed(world.start + 1, world.head)
                        .boxed()
                        .toList());
        assertThat(world.cursor.live()).isTrue();
    }
}
