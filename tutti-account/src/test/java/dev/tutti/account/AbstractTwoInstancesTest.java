package dev.tutti.account;

import dev.tutti.testkit.fixture.Person;
import org.junit.jupiter.api.AfterEach;

/** Two instances of each test's own that do not hear each other, and somebody who has an account at both. */
abstract class AbstractTwoInstancesTest {
    final AccountInstance here = new AccountInstance();
    final AccountInstance there = new AccountInstance();
    final Person ann = here.person();

    @AfterEach
    final void close() {
        there.close();
        here.close();
    }
}
