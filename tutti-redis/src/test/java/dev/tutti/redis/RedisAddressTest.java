package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.redis.RedisAddress.Host;
import dev.tutti.redis.RedisAddress.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {
    @Test
    void aServerIsReadWithEverythingThatAnAddressMayHave() {
        assertThat(RedisAddress.parse("rediss://ann:p%40ss+w%3Ard@redis.example:7000/3"))
                .isEqualTo(new RedisAddress(
                        Kind.SERVER, true, List.of(new Host("redis.example", 7000)), "ann", "p@ss+w:rd", 3, ""));
    }

    @Test
    void whatIsLeftOutIsAsRedisHasIt() {
        assertThat(RedisAddress.parse("redis://localhost"))
                .isEqualTo(new RedisAddress(Kind.SERVER, false, List.of(new Host("localhost", 6379)), "", "", 0, ""));
    }

    @Test
    void aPasswordMayStandAlone() {
        assertThat(RedisAddress.parse("redis://secret@localhost/").password()).isEqualTo("secret");
        assertThat(RedisAddress.parse("redis://:secret@localhost").password()).isEqualTo("secret");
        assertThat(RedisAddress.parse("redis://:secret@localhost").user()).isEmpty();
    }

    @Test
    void sentinelsAreReadWithTheNameOfTheMaster() {
        assertThat(RedisAddress.parse("redis-sentinel://:secret@one,two:27000,[::1]/0#main"))
                .isEqualTo(new RedisAddress(
                        Kind.SENTINEL,
                        false,
                        List.of(new Host("one", 26379), new Host("two", 27000), new Host("::1", 26379)),
                        "",
                        "secret",
                        0,
                        "main"));
    }

    @Test
    void nodesOfAClusterAreRead() {
        assertThat(RedisAddress.parse("rediss-cluster://one,two:7001"))
                .isEqualTo(new RedisAddress(
                        Kind.CLUSTER, true, List.of(new Host("one", 6379), new Host("two", 7001)), "", "", 0, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rediss://redis.example:7000/3",
                "redis-sentinel://one:26379,two:27000#main",
                "redis-cluster://one:6379,[::1]:7001"
            })
    void itIsWrittenAsItIsReadButWithoutUserAndPassword(String url) {
        assertThat(RedisAddress.parse(url).toString()).isEqualTo(url);
        assertThat(RedisAddress.parse(url.replace("://", "://ann:secret@")).toString())
                .isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "http://localhost",
                "redis://",
                "redis://secret@",
                "redis://one,two",
                "redis://host:0",
                "redis://host:70000",
                "redis://host/x",
                "redis://host#main",
                "redis://ho st",
                "redis://a:secret%zz@host",
                "redis-sentinel://one",
                "redis-cluster://one,",
                "redis-cluster://one#main"
            })
    void whatIsNoAddressIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> RedisAddress.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("REDIS_URL: ")
                .hasMessageContaining("redis-sentinel://host,host#master")
                .hasMessageNotContaining("secret");
    }
}
