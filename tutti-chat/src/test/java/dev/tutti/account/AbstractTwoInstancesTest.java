package dev.tutti.account;

import dev.tutti.chat.fixture.Person;
import dev.tutti.chat.fixture.TestInstance;
import org.junit.jupiter.api.AfterEach;

/** Two instances of each test's own that do not hear each other, and somebody who has an account at both. */
abstract class AbstractTwoInstancesTest {
    final TestInstance here = new TestInstance();
    final TestInstance there = new TestInstance();
    final Person ann = here.person();

    @AfterEach
    final void close() {
        there.close();
        here.close();
    }
}
