package dev.tutti.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.databind.json.JsonMapper;

class JsonCodecTest {
    private final JsonCodec json = new JsonCodec();

    record Point(int x, int y) {}

    record Shape(String name, List<Point> points) {}

    @Test
    void recordsGoThereAndBack() {
        Shape shape = new Shape("line", List.of(new Point(1, 2), new Point(3, 4)));
        assertThat(json.read(json.write(shape), Shape.class)).isEqualTo(shape);
        assertThat(json.convert(Map.of("x", 1, "y", 2), Point.class)).isEqualTo(new Point(1, 2));
    }

    @Test
    void jsonIsWrittenAsItIs() {
        assertThat(json.write(Json.of("{\"a\" : 1}"))).hasToString("{\"a\" : 1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{}x", "[1,]", "{\"x\":\"one\"}", "nul", "{\"x\":1e99999999}", "\u0000", "[]", "null"})
    void whatDoesNotFitIsABadRequestThatNamesNoClass(String text) {
        assertThatThrownBy(() -> json.read(text, Point.class)).isInstanceOfSatisfying(TuttiException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
            assertThat(e.getMessage()).doesNotContain("dev.tutti").doesNotContain("java.");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":7}", "{\"name\":true}", "{\"points\":[{\"x\":1.5,\"y\":2}]}"})
    void aNumberIsNoTextAndAFractionNoInteger(String text) {
        assertThatThrownBy(() -> json.read(text, Shape.class))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void theMessageSaysWhere() {
        assertThatThrownBy(
                        () -> json.read("{\"name\":\"a\",\"points\":[{\"x\":1,\"y\":2},{\"x\":\"two\"}]}", Shape.class))
                .hasMessageContaining("points.[1].x");
    }

    @Test
    void whatIsWithinTheDocumentedBoundsIsRead() {
        for (String text : List.of(
                "[".repeat(128) + "]".repeat(128),
                "{\"" + "n".repeat(4_096) + "\":1}",
                "{\"" + "ü".repeat(4_096) + "\":1}",
                "1".repeat(309),
                "[" + "1,".repeat(99_000) + "1]")) {
            assertThat(json.readPlain(text)).isNotNull();
        }
    }

    @Test
    void whatIsBeyondThemIsABadRequestThatNamesThem() {
        for (String text : List.of(
                "[".repeat(129) + "]".repeat(129),
                "[".repeat(100_000),
                "{\"" + "n".repeat(4_200) + "\":1}",
                "1".repeat(401),
                "[" + "1,".repeat(100_001) + "1]")) {
            assertThatThrownBy(() -> json.readPlain(text)).isInstanceOfSatisfying(TuttiException.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                assertThat(refused).hasMessageContaining("depth of 128").hasMessageContaining("4096 characters");
            });
        }
    }

    private Json checked(String text) {
        return json.checked(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anElementOfAnArrayMayHaveAsMuchAsAValueElsewhere() {
        String wide = "[" + "1,".repeat(60_000) + "1]";
        String many = " [" + wide + "," + wide + ", {\"a\":" + wide + "}] ";
        String scalars = "[" + "1,".repeat(100_001) + "1]";
        for (String text : List.of(many, scalars, "1", " true", "[]", "{}")) {
            assertThat(checked(text)).hasToString(text);
        }
        for (String text : List.of(
                "[1, [" + "1,".repeat(100_001) + "1]]",
                "{\"a\":[" + wide + "," + wide + "]}",
                "[" + "[".repeat(128) + "]".repeat(128) + "]",
                "[" + "1".repeat(401) + "]")) {
            assertThatThrownBy(() -> checked(text)).isInstanceOfSatisfying(TuttiException.class, refused -> {
                assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                assertThat(refused).hasMessageContaining("JSON is out of bounds");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "null", "{", "[", "[1", "[1,]", "[1]]", "[1] 2", "{} {}", "\"a", "\"\\x\"", "1.", "]"})
    void whatIsNotOneValueIsNotTaken(String text) {
        assertThatThrownBy(() -> checked(text))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void numbersThatJsonDoesNotHaveAreNull() {
        assertThat(json.write(Map.of("x", List.of(Double.NaN, Float.POSITIVE_INFINITY, 1.5))))
                .hasToString("{\"x\":[null,null,1.5]}");
        assertThat(json.write(new double[] {Double.NEGATIVE_INFINITY, 2})).hasToString("[null,2.0]");
        assertThat(json.write(new float[] {Float.NaN})).hasToString("[null]");
        assertThat(json.write(json.readPlain("[1e999]"))).hasToString("[null]");
    }

    @Test
    void halfAnEmojiIsAReplacementCharacterWhereverItIs() {
        assertThat(json.readPlain(
                        "{\"\\ud83d\":[\"\\ud83d\\ude00\",\"\\uDE00x\",\"\\\\ud83d\",\"\\ud83d\\ud83d\\ude00\"]}"))
                .isEqualTo(Map.of("\ufffd", List.of("😀", "\ufffdx", "\\ud83d", "\ufffd😀")));
    }

    @Test
    void aClientsNamesCostNoMoreThanOthers() {
        JsonMapper mapper = json.mapper();
        assertThat(mapper.tokenStreamFactory().isEnabled(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES))
                .isFalse();
    }
}
