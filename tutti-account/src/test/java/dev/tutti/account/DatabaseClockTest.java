package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.zaxxer.hikari.HikariDataSource;
import dev.tutti.postgres.sql.DatabaseClock;
import dev.tutti.socket.Handshake;
import dev.tutti.testkit.fixture.Person;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An instance whose clock is minutes off the database's: here the database's is off, which is the same to the instance. */
class DatabaseClockTest {
    @ParameterizedTest
    @ValueSource(ints = {-10, 10})
    void whatAnInstanceWithAWrongClockIssuesIsGoodEverywhere(int minutes) {
        try (HikariDataSource skewed = AccountDatabase.withClock(minutes);
                DatabaseClock clock = new DatabaseClock(skewed);
                AccountInstance wrong = new AccountInstance(AccountInstance.SETTINGS, clock, System::nanoTime);
                AccountInstance right = new AccountInstance()) {
            right.clock().pass(Duration.ofMinutes(minutes)); // this one's clock is as the database's

            Person atWrong = wrong.person();
            Person atRight = right.person();

            assertThat(atWrong.at(right).get("/api/auth/me").status()).isEqualTo(200);
            assertThat(atRight.at(wrong).get("/api/auth/me").status()).isEqualTo(200);
            assertThat(wrong.accounts().authenticate(handshake(atWrong)).until())
                    .isCloseTo(Instant.now().plus(Duration.ofMinutes(minutes + 15)), within(30, ChronoUnit.SECONDS));
        }
    }

    private static Handshake handshake(Person person) {
        return new Handshake("127.0.0.1", Map.of(), Map.of(), Map.of("token", person.token()));
    }
}
