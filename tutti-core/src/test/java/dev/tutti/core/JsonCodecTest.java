package dev.tutti.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void nestingIsBounded() {
        assertThatThrownBy(() -> json.readPlain("[".repeat(100_000))).isInstanceOf(TuttiException.class);
    }
}
