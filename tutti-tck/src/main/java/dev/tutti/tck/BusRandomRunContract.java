package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bus.Bus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A random run of ends that subscribe, unsubscribe and publish, compared with the messages that each end should get. */
public interface BusRandomRunContract {
    /** A new end of the bus, as for another instance, not started. All ends belong to one bus. The test closes it. */
    Bus open();

    @Tag("slow")
    @Test
    default void inARandomRunEachEndHearsWhatTheOthersPublishOnItsTopics() {
        Seed seed = Seed.next();
        Random random = seed.random(0);
        List<String> topics =
                IntStream.range(0, 20).mapToObj(number -> "topic " + number).toList();
        try (BusEnds open = new BusEnds(this::open)) {
            List<BusEnd> ends = Stream.generate(open::start).limit(3).toList();
            for (int round = 0; round < 5; round++) {
                round(random, ends, topics, seed);
            }
        }
    }

    private static void round(Random random, List<BusEnd> ends, List<String> topics, Seed seed) {
        Map<BusEnd, List<String>> subscribed = new HashMap<>();
        for (BusEnd end : ends) {
            List<String> wanted =
                    topics.stream().filter(_ -> random.nextBoolean()).toList();
            topics.stream().filter(topic -> !wanted.contains(topic)).forEach(end::unsubscribe);
            wanted.forEach(end::subscribe);
            subscribed.put(end, wanted);
        }
        onEachWay(ends, subscribed, BusEnds::hears);
        ends.forEach(BusEnd::forget);

        Map<BusEnd, List<BusEnd.Message>> published = new HashMap<>();
        for (int step = 0; step < 1_000; step++) {
            BusEnd publisher = ends.get(random.nextInt(ends.size()));
            String text = ends.indexOf(publisher) + " " + step + "x".repeat(random.nextInt(2_000));
            BusEnd.Message message = new BusEnd.Message(topics.get(random.nextInt(topics.size())), text);
            published.computeIfAbsent(publisher, _ -> new ArrayList<>()).add(message);
            publisher.bus().publish(message.topic(), message.payload());
        }
        onEachWay(ends, subscribed, BusEnds::delivered);

        for (BusEnd listener : ends) {
            List<BusEnd.Message> heard = listener.messages();
            assertThat(heard).as("%s", seed).allMatch(message -> subscribed(subscribed, listener, message));
            for (BusEnd publisher : ends) {
                String name = ends.indexOf(publisher) + " ";
                for (String topic : topics) {
                    List<BusEnd.Message> expected = published.getOrDefault(publisher, List.of()).stream()
                            .filter(message -> !listener.equals(publisher)
                                    && message.topic().equals(topic)
                                    && subscribed(subscribed, listener, message))
                            .toList();
                    assertThat(heard.stream()
                                    .filter(message -> message.topic().equals(topic)
                                            && message.text().startsWith(name)))
                            .as("%s: from %s on %s", seed, name, topic)
                            .containsExactlyElementsOf(expected);
                }
            }
        }
    }

    private static boolean subscribed(Map<BusEnd, List<String>> subscribed, BusEnd listener, BusEnd.Message message) {
        return subscribed.getOrDefault(listener, List.of()).contains(message.topic());
    }

    /** A step for each publisher, each other listener, and each topic of this listener. */
    interface Way {
        void through(BusEnd publisher, BusEnd listener, String topic);
    }

    private static void onEachWay(List<BusEnd> ends, Map<BusEnd, List<String>> subscribed, Way way) {
        for (BusEnd publisher : ends) {
            for (BusEnd listener : ends) {
                if (!listener.equals(publisher)) {
                    subscribed
                            .getOrDefault(listener, List.of())
                            .forEach(topic -> way.through(publisher, listener, topic));
                }
            }
        }
    }
}
