package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseAddressTest {
    @ParameterizedTest
    @CsvSource({
        "postgres://me:pw@db.example:5433/chat, jdbc:postgresql://db.example:5433/chat, me, pw",
        "postgresql://me:p%40s%2Fs+x@db/chat?sslmode=require, jdbc:postgresql://db/chat?sslmode=require, me, p@s/s+x",
        "postgres://me:p@ss@db/chat, jdbc:postgresql://db/chat, me, p@ss",
        "postgres://me:100%@db/chat, jdbc:postgresql://db/chat, me, 100%",
        "postgres://me:a:b@one:1,two:2/chat, 'jdbc:postgresql://one:1,two:2/chat', me, a:b",
        "postgres://me:pw@[::1]:5432/chat?application_name=a@b, "
                + "jdbc:postgresql://[::1]:5432/chat?application_name=a@b, me, pw",
    })
    void whatLibpqUnderstandsIsUnderstood(String url, String jdbcUrl, String user, String password) {
        assertThat(DatabaseAddress.of(url))
                .isEqualTo(new DatabaseAddress(jdbcUrl, Optional.of(user), Optional.of(password)));
    }

    @Test
    void nobodyIsNamedWhereNobodyIs() {
        assertThat(DatabaseAddress.of("postgres://db"))
                .isEqualTo(new DatabaseAddress("jdbc:postgresql://db/", Optional.empty(), Optional.empty()));
    }

    @Test
    void whatJdbcUnderstandsStaysAsItIs() {
        String url = "jdbc:postgresql://db/chat?user=me&password=pw";

        assertThat(DatabaseAddress.of(url)).isEqualTo(new DatabaseAddress(url, Optional.empty(), Optional.empty()));
    }

    @Test
    void noPasswordIsEverShown() {
        assertThat(DatabaseAddress.of("postgres://me:hidden@db/chat")).hasToString("db/chat");
        assertThat(DatabaseAddress.of("jdbc:postgresql://db/chat?user=me&password=hidden"))
                .hasToString("db/chat");
    }
}
