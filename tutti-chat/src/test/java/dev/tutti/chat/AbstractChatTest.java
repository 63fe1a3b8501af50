package dev.tutti.chat;

import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.testkit.fixture.Person;
import org.junit.jupiter.api.AfterEach;

/** An instance of each test's own, and two people at it. */
abstract class AbstractChatTest {
    final TestInstance instance = new TestInstance();
    final Person ann = instance.person();
    final Person bob = instance.person();

    @AfterEach
    final void close() {
        instance.close();
    }
}
