package dev.tutti.tck;

import static dev.tutti.tck.BusEnds.connect;
import static dev.tutti.tck.BusEnds.delivered;
import static dev.tutti.tck.BusEnds.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.bus.Bus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The contract of a bus about delivery: which messages each listener gets while nothing is lost. */
public interface BusDeliveryContract {
    /** A new end of the bus, as for another instance, not started. All ends belong to one bus. The test closes it. */
    Bus open();

    @Test
    default void aMessageReachesEachOtherEndThatSubscribed() {
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            List<BusEnd> others = List.of(ends.start(), ends.start());
            others.forEach(other -> connect(publisher, other, "news"));

            publisher.publish("news", "it rains");

            others.forEach(other -> until("the message", () -> other.heard(new BusEnd.Message("news", "it rains"))));
        }
    }

    @Test
    default void aMessageDoesNotReachItsPublisher() {
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd one = ends.start();
            BusEnd other = ends.start();
            connect(one, other, "news");
            connect(other, one, "news");
            one.forget();

            one.publish("news", "it rains");
            delivered(one, other, "news");
            other.publish("news", "it does");
            delivered(other, one, "news");

            assertThat(one.messages()).hasSize(2).contains(new BusEnd.Message("news", "it does"));
        }
    }

    @Test
    default void aMessageDoesNotReachWhoDidNotSubscribe() {
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd curious = ends.start();
            BusEnd reserved = ends.start();
            connect(publisher, curious, "gossip");
            connect(publisher, reserved, "news");

            for (String topic : List.of("gossip", "gossip/more", "new", "newss", "NEWS", "news")) {
                publisher.publish(topic, "psst");
            }
            delivered(publisher, curious, "gossip");
            delivered(publisher, reserved, "news");

            assertThat(curious.messages()).allMatch(message -> message.topic().equals("gossip"));
            assertThat(reserved.messages()).allMatch(message -> message.topic().equals("news"));
        }
    }

    @Test
    default void theMessagesOfAPublisherOnATopicKeepTheirOrder() {
        try (BusEnds ends = new BusEnds(this::open)) {
            List<BusEnd> publishers = List.of(ends.start(), ends.start());
            BusEnd listener = ends.start();
            publishers.forEach(publisher -> connect(publisher, listener, "news"));
            listener.forget();

            try (TestThreads threads = new TestThreads()) {
                for (BusEnd publisher : publishers) {
                    threads.add(() -> {
                        for (int number = 0; number < 2_000; number++) {
                            publisher.publish("news", publishers.indexOf(publisher) + " " + number);
                        }
                    });
                }
            }
            publishers.forEach(publisher -> delivered(publisher, listener, "news"));

            for (int publisher = 0; publisher < publishers.size(); publisher++) {
                String name = publisher + " ";
                assertThat(listener.messages().stream()
                                .map(BusEnd.Message::text)
                                .filter(text -> text.startsWith(name))
                                .map(text -> Integer.parseInt(text.substring(2))))
                        .hasSize(2_000)
                        .isSorted();
            }
        }
    }

    @Test
    default void payloadsOfAnySizeAndAnyBytesArriveUnchangedAndInOrder() {
        Seed seed = Seed.next();
        Random random = seed.random(0);
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd listener = ends.start();
            connect(publisher, listener, "bytes");
            listener.forget();
            List<BusEnd.Message> sent = new ArrayList<>();

            for (int size : new int[] {0, 1, 7, 5_000_000, 3, 4_095, 4_096, 4_097, 2, 8_000, 65_536, 0, 300_000, 1}) {
                byte[] payload = new byte[size];
                random.nextBytes(payload);
                sent.add(new BusEnd.Message("bytes", payload));
                publisher.bus().publish("bytes", payload.clone());
            }
            until("the last message", () -> listener.heard().size() >= sent.size());

            assertThat(listener.messages()).as("%s", seed).isEqualTo(sent);
        }
    }

    @Test
    default void aTopicMayConsistOfAnyCharacters() {
        List<String> topics = List.of(
                "",
                " ",
                "*",
                "?",
                "new[s]",
                "news*",
                "{a}b",
                "{}",
                "a\r\nb\tc",
                "'; DROP TABLE x; --",
                "\"\\\"",
                "%s$1",
                "Grüße/世界/🎼",
                "🎼".repeat(Bus.MAX_TOPIC / 2),
                "x".repeat(Bus.MAX_TOPIC - 1) + "1",
                "x".repeat(Bus.MAX_TOPIC - 1) + "2");
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd listener = ends.start();
            topics.forEach(listener::subscribe);
            topics.forEach(topic -> BusEnds.hears(publisher, listener, topic));
            listener.forget();

            topics.forEach(topic -> publisher.publish(topic, "on " + topic));
            topics.forEach(topic -> delivered(publisher, listener, topic));

            assertThat(listener.messages().stream()
                            .filter(message -> message.text().startsWith("on ")))
                    .containsExactlyInAnyOrderElementsOf(topics.stream()
                            .map(topic -> new BusEnd.Message(topic, "on " + topic))
                            .toList());
        }
    }

    @Test
    default void whoUnsubscribesHearsNothingMoreUntilItSubscribesAgain() {
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd listener = ends.start();
            connect(publisher, listener, "other");
            connect(publisher, listener, "news");
            listener.subscribe("news"); // a second subscription has no effect
            listener.forget();

            listener.unsubscribe("news");
            listener.unsubscribe("never subscribed to");
            publisher.publish("news", "it rains");
            delivered(publisher, listener, "other");
            assertThat(listener.messages()).noneMatch(message -> message.topic().equals("news"));

            connect(publisher, listener, "news");
        }
    }

    @Test
    default void theListenerIsCalledByOneThreadAtATime() {
        try (BusEnds ends = new BusEnds(this::open)) {
            List<BusEnd> publishers = List.of(ends.start(), ends.start());
            BusEnd listener = ends.start();
            List<String> topics = List.of("a", "b", "c", "d");
            for (BusEnd publisher : publishers) {
                topics.forEach(topic -> connect(publisher, listener, topic));
            }

            try (TestThreads threads = new TestThreads()) {
                for (BusEnd publisher : publishers) {
                    for (String topic : topics) {
                        threads.add(() -> {
                            for (int number = 0; number < 500; number++) {
                                publisher.publish(topic, "" + number);
                            }
                        });
                    }
                }
            }

            publishers.forEach(publisher -> topics.forEach(topic -> delivered(publisher, listener, topic)));
            assertThat(listener.wasCalledConcurrently()).isFalse();
        }
    }

    @Test
    default void whatIsTooLargeIsRefused() {
        String topic = "t".repeat(Bus.MAX_TOPIC + 1);
        try (BusEnds ends = new BusEnds(this::open)) {
            Bus bus = ends.start().bus();

            assertThatThrownBy(() -> bus.subscribe(topic)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> bus.publish(topic, new byte[0])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> bus.publish("t", new byte[Bus.MAX_PAYLOAD + 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + Bus.MAX_PAYLOAD);
        }
    }

    @Test
    default void aClosedEndHearsNothingMoreAndMayBeClosedAgain() {
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd witness = ends.start();
            BusEnd leaving = ends.start();
            connect(publisher, witness, "news");
            connect(publisher, leaving, "news");
            for (int number = 0; number < 1_000; number++) {
                publisher.publish("news", "" + number);
            }

            leaving.bus().close();
            leaving.forget();
            delivered(publisher, witness, "news");
            leaving.bus().close();

            leaving.publish("news", "too late");
            leaving.subscribe("more");
            leaving.unsubscribe("more");
            delivered(publisher, witness, "news");
            assertThat(leaving.heard()).isEmpty();
            assertThat(witness.messages()).doesNotContain(new BusEnd.Message("news", "too late"));
        }
    }
}
