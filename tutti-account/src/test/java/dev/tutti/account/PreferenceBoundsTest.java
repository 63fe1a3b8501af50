package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Database;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Preferences that are refused before the database is asked. */
class PreferenceBoundsTest {
    /** The database would write each of these numbers with 309 digits, and only then count. */
    @Test
    void numbersThatTheDatabaseMakesLongerAreRefusedWithoutIt() {
        HikariDataSource closed = new HikariDataSource();
        closed.close();
        PreferenceStore store = new PreferenceStore(new Database(closed));
        for (String holder : List.of(PreferenceStore.person("p"), PreferenceStore.visitor(OneTimeToken.fresh()))) {
            assertThatThrownBy(() -> store.change(holder, "{\"a\":[" + "1.0E308,".repeat(5_000) + "1]}", "[]"))
                    .as("without the database")
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
        }
    }
}
