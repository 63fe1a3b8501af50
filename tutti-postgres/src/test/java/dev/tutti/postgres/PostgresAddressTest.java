package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", emptyValue = "", textBlock = """
            postgresql://anna:secret@db:5433/chat                 | jdbc:postgresql://db:5433/chat                                          | anna | secret
            postgres://anna:secret@db/chat                        | jdbc:postgresql://db/chat                                               | anna | secret
            postgresql://anna@db/chat?sslmode=require             | jdbc:postgresql://db/chat?sslmode=require                               | anna | ''
            postgresql://db                                       | jdbc:postgresql://db/                                                   | ''   | ''
            postgresql:///chat                                    | jdbc:postgresql://localhost/chat                                        | ''   | ''
            postgresql://anna:p%40ss%2Fw+rd@db/my%20chat          | jdbc:postgresql://db/my%20chat                                          | anna | p@ss/w+rd
            postgresql://anna:a:b@db/chat                         | jdbc:postgresql://db/chat                                               | anna | a:b
            postgresql://anna:x@[::1]:5432/chat                   | jdbc:postgresql://[::1]:5432/chat                                       | anna | x
            postgresql://anna:x@a:1,b:2/chat?target_session_attrs=read-write | jdbc:postgresql://a:1,b:2/chat?targetServerType=primary     | anna | x
            postgresql://db/chat?user=anna&password=x&application_name=me    | jdbc:postgresql://db/chat?ApplicationName=me                 | anna | x
            postgresql://a:b@db/chat?pgbouncer=true               | jdbc:postgresql://db/chat?prepareThreshold=0                            | a    | b
            jdbc:postgresql://db/chat?user=anna&password=x&ssl=true | jdbc:postgresql://db/chat?ssl=true                                    | anna | x
            jdbc:postgresql:chat                                  | jdbc:postgresql:chat                                                    | ''   | ''
            """)
    void urlsAreReadAsTheirSendersMeanThem(String url, String jdbcUrl, String user, String password) {
        assertThat(PostgresAddress.parse(url)).isEqualTo(new PostgresAddress(jdbcUrl, user, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mysql://a:topsecret@db/chat",
                "postgresql:/db",
                "postgresql://a:topsecret@db:port/chat",
                "postgresql://a:topsecret@d b/chat",
                "postgresql://a:topsecret@db,/chat",
                "postgresql://a:topsecret%@db/chat",
                "postgresql://a:topsecret@db/chat?sslmode",
                "host=db password=topsecret"
            })
    void othersAreRefusedWithoutRepeatingThem(String url) {
        assertThatThrownBy(() -> PostgresAddress.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("DATABASE_URL", "postgresql://user:password@host:port/database")
                .hasMessageNotContaining("topsecret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://localhost/chat                         | LOCAL
            postgresql://127.0.0.1:5433,[::1]/chat?sslmode=prefer | LOCAL
            postgresql:///chat                                  | LOCAL
            jdbc:postgresql:chat                                | LOCAL
            postgresql://db/chat                                | UNSAID
            postgresql://localhost,db/chat                      | UNSAID
            postgresql://127.0.0.1.example.com/chat             | UNSAID
            postgresql://db/chat?sslmode=prefer                 | UNSAID
            postgresql://db/chat?sslmode=allow                  | UNSAID
            jdbc:postgresql://db/chat?ssl=false                 | UNSAID
            postgresql://db/chat?sslmode=disable                | NONE
            postgresql://db/chat?sslmode=require                | UNVERIFIED
            postgresql://db/chat?sslmode=verify-ca              | UNVERIFIED
            postgresql://db/chat?sslmode=verify-full            | VERIFIED
            postgresql://db/chat?sslmode=verify-full&sslrootcert=system | VERIFIED
            jdbc:postgresql://db/chat?ssl=true                  | VERIFIED
            jdbc:postgresql://db/chat?ssl=true&sslfactory=org.postgresql.ssl.NonValidatingFactory | UNVERIFIED
            jdbc:postgresql://db/chat?sslmode=verify-full&sslfactory=org.postgresql.ssl.NonValidatingFactory | UNVERIFIED
            """)
    void howTheLinkIsProtectedIsRead(String url, PostgresProtection protection) {
        assertThat(PostgresAddress.parse(url).protection()).isEqualTo(protection);
    }

    @Test
    void aLinkToAnotherMachineOfWhichNothingIsSaidIsRefusedWithTheChoices() {
        PostgresAddress address = PostgresAddress.parse("postgresql://anna:topsecret@db.example.com/chat");
        assertThatThrownBy(() -> address.requireProtection("DATABASE_DIRECT_URL"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "DATABASE_DIRECT_URL", "db.example.com", "verify-full", "sslmode=require", "sslmode=disable")
                .hasMessageNotContaining("topsecret");
        assertThatThrownBy(() -> new PostgresPool(PostgresPoolSettings.of(address)))
                .hasMessageContaining("DATABASE_URL");
        assertThatThrownBy(() -> PostgresAddress.parse("postgresql://db/chat?sslmode=full")
                        .protection())
                .hasMessageContaining("sslmode is 'full'");
    }

    @Test
    void thePasswordIsNotWritten() {
        assertThat(PostgresAddress.parse("postgresql://anna:topsecret@db/chat"))
                .hasToString("jdbc:postgresql://db/chat as anna");
    }
}
