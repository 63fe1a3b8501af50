package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.http.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestUriTest {
    @Test
    void segmentsAreDecodedOneByOne() {
        RequestUri uri = RequestUri.parse("/a/b%2Fc/%F0%9F%91%8B/", "x=1&x=2&y+z=%26&flag&=&");
        assertThat(uri.segments()).containsExactly("a", "b/c", "👋", "");
        assertThat(uri.query()).isEqualTo(Map.of("x", "1", "y z", "&", "flag", "", "", ""));
        assertThat(RequestUri.parse("/a+b", null).segments()).containsExactly("a+b");
    }

    @Test
    void tooManyParametersAreRefused() {
        assertThatThrownBy(() -> RequestUri.parse("/", "a=1&".repeat(50) + numbered(101)))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThat(RequestUri.parse("/", numbered(100)).query()).hasSize(100);
    }

    private static String numbered(int count) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < count; i++) {
            query.append(i == 0 ? "" : "&").append(i).append("=x");
        }
        return query.toString();
    }

    @Test
    void whatIsEncodedComesBackAndNothingElseIsThrown() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String text = random.ints(random.nextInt(1, 12), 1, 0x3000)
                    .filter(c -> c < 0xD800)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
            assertThat(RequestUri.parse("/", "q=" + encoded).query())
                    .as("seed " + seed)
                    .containsEntry("q", text);
            String broken = "/"
                    + random.ints(random.nextInt(10), 0x20, 0x7F)
                            .map(c -> random.nextInt(4) == 0 ? '%' : c)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
            try {
                assertThat(RequestUri.parse(broken, broken).segments()).isNotEmpty();
            } catch (TuttiException refused) {
                assertThat(refused.code()).as("seed " + seed).isEqualTo(ErrorCode.BAD_REQUEST);
            }
        }
    }

    @Test
    void routesPreferLiteralsAndComeBackFromDeadEnds() {
        RouteTable table = new RouteTable();
        table.on("GET", "/a/b/c", _ -> Reply.empty())
                .on("GET", "/a/:x/d", _ -> Reply.empty())
                .on("GET", "/:y/b/:z", _ -> Reply.empty());
        table.endpoint("/io/", _ -> {});
        assertThat(find(table, "a", "b", "c")).isEqualTo("/a/b/c{}");
        assertThat(find(table, "a", "b", "d")).isEqualTo("/a/:x/d{x=b}");
        assertThat(find(table, "a", "b", "e")).isEqualTo("/:y/b/:z{y=a, z=e}");
        assertThat(find(table, "a", "", "d")).isEqualTo("none");
        assertThat(find(table, "io")).isEqualTo("/io/{}");
        assertThat(find(table, "io", "x", "y")).isEqualTo("/io/{}");
        assertThat(find(table, "")).isEqualTo("none");
    }

    private static String find(RouteTable table, String... segments) {
        return table.find(List.of(segments))
                .map(match -> match.route().pattern() + match.parameters())
                .orElse("none");
    }
}
