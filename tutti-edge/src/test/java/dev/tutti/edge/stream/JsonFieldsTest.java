package dev.tutti.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.limit.CpuPermits;
import dev.tutti.testkit.fixture.HeldTurns;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
    private static final JsonCodec CODEC = new JsonCodec();

    private static final String ZEROS =
            "00000000000000000000000000000000000000000000000000000000000000000000000000000000";

    /** 10 to the power of 320, in full. */
    private static final String HUGE = "1" + ZEROS + ZEROS + ZEROS + ZEROS;

    private static JsonFields read(String json) {
        return JsonFields.read(json.getBytes(StandardCharsets.UTF_8), CODEC);
    }

    @Test
    void aFieldIsFoundInTheBeginningOnlyIfItIsThereInFull() {
        assertThat(early("{\"id\":\"m-1\",\"data\":\"xx")).contains("m-1");
        assertThat(early("{\"more\":{\"id\":[2]},\"id\":10,\"data\":[1,{")).contains(BigInteger.TEN);
        assertThat(early("{\"id\":10}")).contains(BigInteger.TEN);
        assertThat(early("{\"id\":\"\\ud83d\",\"data\":1")).contains("\ufffd");
        assertThat(Stream.of(
                        "", "[1]", "{", "{\"id", "{\"id\":12", "{\"id\":\"m-1", "{\"id\":{},", "{\"data\":\"x", "no"))
                .allMatch(without -> early(without).isEmpty());
        byte[] cut = Arrays.copyOf("{\"data\":\"ü".getBytes(StandardCharsets.UTF_8), 10);
        assertThat(JsonFields.early(cut, "id", CODEC)).isEmpty();
    }

    private static Optional<Object> early(String beginning) {
        return JsonFields.early(beginning.getBytes(StandardCharsets.UTF_8), "id", CODEC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "-0.10e+5",
                "[1e308, 1e-400]",
                "[{\"a\":1}, {\"a\":{\"a\":2}, \"b\":{\"a\":3}}]",
                "123456789012345678901234567890",
                "true",
                "null",
                "\"\"",
                "\"a\\u00e9\\\"ü👋\"",
                "[]",
                "[1, [2,\n{}]]",
                "{\"data\": {\"data\":1 } }",
                "\"" + "}"
            })
    void dataIsKeptByteByByte(String data) {
        String value = data.equals("\"}") ? "\"}\"" : data;
        for (String around : new String[] {"", " ", "\n\t "}) {
            JsonFields fields = read("{\"op\":\"x\",\"data\":" + around + value + around + ",\"id\":5}");
            assertThat(fields.payload().orElseThrow()).hasToString(value);
            assertThat(fields.number("id")).contains(5L);
            assertThat(read("{\"data\":" + around + value + "}").payload().orElseThrow())
                    .hasToString(value);
        }
    }

    /** The official client for Java reads no message that has it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":2}",
                "[0, {\"x\":{\"a\":[{}],\"b\":{\"a\":1},\"a\":null}}]",
                "1e400",
                HUGE,
                "{\"a\":[-1e309]}"
            })
    void dataThatSomeClientsCannotReadIsRefused(String data) {
        assertThatThrownBy(() -> read("{\"op\":\"x\",\"data\":" + data + "}"))
                .isInstanceOfSatisfying(TuttiException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                    assertThat(refused).hasMessageContaining("some clients cannot read");
                });
    }

    /** The processors that may parse what is large are taken: the next one waits, and the rest of them are left to others. */
    @Test
    void whatIsLargeIsParsedInTurn() throws Exception {
        String large = "{\"data\":\"" + "x".repeat(CpuPermits.BYTES) + "\"}";
        int turns = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        try (HeldTurns held = new HeldTurns(turns, work -> CpuPermits.inTurn(CpuPermits.BYTES, work))) {
            held.begin(() -> read(large));
            held.begin(() -> JsonFields.readAll(("[" + large + "]").getBytes(StandardCharsets.UTF_8), 1, CODEC));
            Thread.startVirtualThread(() -> read("{}")).join();
            await().until(held::allWait);
        }
    }

    /** As many names and values as one may have are not too many for two of them. */
    @Test
    void eachObjectOfAnArrayIsBoundedOnItsOwn() {
        String data = "{\"data\":[" + "1,".repeat(60_000) + "1]}";
        String array = "[" + data + "," + data + "]";
        assertThat(JsonFields.readAll(array.getBytes(StandardCharsets.UTF_8), 2, CODEC))
                .hasSize(2);
        String wider = "[{}, {\"data\":[" + "1,".repeat(100_001) + "1]}]";
        assertThatThrownBy(() -> JsonFields.readAll(wider.getBytes(StandardCharsets.UTF_8), 2, CODEC))
                .hasMessageContaining("JSON is out of bounds");
        assertThatThrownBy(() -> JsonFields.readAll("[{},{},{}]".getBytes(StandardCharsets.UTF_8), 2, CODEC))
                .hasMessageContaining("more than 2 objects");
    }

    @Test
    void fieldsHaveTypes() {
        JsonFields fields = read(
                "{\"text\":\"t\",\"none\":null,\"n\":9223372036854775807,\"over\":9223372036854775808,\"o\":{\"x\":1}}");
        assertThat(fields.text("text")).contains("t");
        assertThat(fields.text("none")).isEmpty();
        assertThatThrownBy(() -> fields.text("o")).hasMessageContaining("field o is not a string");
        assertThatThrownBy(() -> fields.scalar("o")).hasMessageContaining("field o is neither");
        assertThat(fields.number("n")).contains(Long.MAX_VALUE);
        assertThatThrownBy(() -> fields.number("over")).hasMessageContaining("field over");
        assertThatThrownBy(() -> fields.number("text")).hasMessageContaining("field text");
        assertThatThrownBy(() -> fields.required("none")).hasMessageContaining("field none is missing");
        assertThat(fields.payload()).isEmpty();
    }

    @Test
    void anIntegerMayBeNegative() {
        JsonFields fields =
                read("{\"least\":-2147483648,\"under\":-2147483649,\"n\":7,\"over\":2147483648,\"text\":\"1\"}");
        assertThat(fields.integer("least")).contains(Integer.MIN_VALUE);
        assertThat(fields.integer("n")).contains(7);
        assertThat(fields.integer("none")).isEmpty();
        for (String name : List.of("under", "over", "text")) {
            assertThatThrownBy(() -> fields.integer(name)).hasMessageContaining("field " + name);
        }
        assertThatThrownBy(() -> fields.number("least")).hasMessageContaining("field least");
    }

    @Test
    void randomDamageIsABadRequestOrHarmless() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = "{\"op\":\"publish\",\"id\":12,\"data\":{\"a\":[1,2.5,\"ü\"],\"b\":null},\"key\":\"k\"}"
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                JsonFields.read(bytes, CODEC)
                        .payload()
                        .ifPresent(data -> assertThat(data.length()).isPositive());
            } catch (TuttiException refused) {
                assertThat(refused.code()).as("seed " + seed).isEqualTo(ErrorCode.BAD_REQUEST);
            }
        }
    }
}
