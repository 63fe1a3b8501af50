package dev.tutti.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.Topics;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.protocol.ProtocolException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The types that instances say they run. */
class WorkerTypesTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Topics.Family FAMILY = Topics.Family.open("types-of-a-test", 1);

    private final MemoryBackend backend = MemoryBackend.open();
    private final Tutti ann = Tutti.on(backend).start();
    private final Tutti bob = Tutti.on(backend.another()).start();

    @AfterEach
    void close() {
        bob.close();
        ann.close();
    }

    /** One that hears the test alone. */
    private static WorkerTypes types(Tutti instance) {
        WorkerTypes types = new WorkerTypes(instance.members(), instance.bus().topics(FAMILY, (_, _) -> {}));
        types.start();
        return types;
    }

    private static UUID process(Tutti instance) {
        return instance.members().self().process();
    }

    private static byte[] says(UUID process, List<String> types) {
        return new FrameWriter().id(process).list(types, FrameWriter::text).frame();
    }

    @Test
    void anInstanceThatHasSaidNothingMayRunAnything() {
        await().atMost(LONG).until(() -> !ann.members().others().isEmpty());
        WorkerTypes types = types(ann);
        assertThat(types.mayRun(process(bob), "prices")).isTrue();

        types.heard(says(process(bob), List.of("scores")));

        assertThat(types.mayRun(process(bob), "prices")).isFalse();
        assertThat(types.mayRun(process(bob), "scores")).isTrue();
    }

    @Test
    void anInstanceThatLeavesRunsNothingForTheOthersFromThen() {
        AtomicReference<WorkerTypes> hearing = new AtomicReference<>();
        WorkerTypes types = new WorkerTypes(
                ann.members(),
                ann.bus().topics(FAMILY, (_, frame) -> hearing.get().heard(frame)));
        hearing.set(types);
        types.start();
        WorkerTypes leaving = types(bob);
        leaving.add("scores");
        await().atMost(LONG).until(() -> !types.mayRun(process(bob), "prices"));
        assertThat(types.mayRun(process(bob), "scores")).isTrue();

        leaving.leave();

        await().atMost(LONG).until(() -> !types.mayRun(process(bob), "scores"));
    }

    @Test
    void whatNoMemberSaysIsNotBelieved() {
        WorkerTypes types = types(ann);
        UUID stranger = UUID.randomUUID();

        types.heard(says(stranger, List.of("scores")));

        assertThat(types.mayRun(stranger, "prices")).isTrue();
        assertThatThrownBy(() -> types.heard(new byte[] {1, 2})).isInstanceOf(ProtocolException.class);
        byte[] longer = Arrays.copyOf(says(process(bob), List.of()), 1 + 16 + 4 + 1);
        assertThatThrownBy(() -> types.heard(longer)).isInstanceOf(ProtocolException.class);
    }
}
