package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.TuttiException;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowTokenTest {
    @Test
    void aTokenSurvivesTheWayToTheClientAndBack() {
        FollowToken token = new FollowToken(
                new Position("1.abc-9"), Map.of(StreamName.of("room", "a~b"), 7L, StreamName.of("user", "x:y"), 12L));
        assertThat(FollowToken.parse(token.toString())).isEqualTo(token);
    }

    @Test
    void ofSeveralMarksOfAStreamTheHighestCounts() {
        FollowToken token = FollowToken.parse("p~room:a@4~room:b@9~room:a@6~room:a@5");
        assertThat(token.seen(StreamName.of("room", "a"), 3)).isEqualTo(6);
        assertThat(token.seen(StreamName.of("room", "b"), 20)).isEqualTo(20);
        assertThat(token.seen(StreamName.of("room", "c"), 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "~",
                "~room:a@1",
                "p~",
                "p~room:a",
                "p~room:a@",
                "p~room:a@x",
                "p~room:a@-1",
                "p~@1",
                "p~room@1",
                "p q",
                "p~room:a@99999999999999999999",
                "p~room:a@1~",
                "p~~room:a@1",
                "\u0000"
            })
    void whatIsNotATokenIsRefusedWithAReason(String text) {
        assertThatThrownBy(() -> FollowToken.parse(text))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("of");
    }

    @Test
    void anEndlessTokenIsRefusedUnread() {
        assertThatThrownBy(() -> FollowToken.parse("p" + "~room:a@1".repeat(10_000)))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("65536");
    }

    @Test
    void aResumeTokenKeepsTheSeqsSinceThePositionBefore() {
        StreamName room = StreamName.of("room", "a");
        StreamName other = StreamName.of("room", "b");
        FollowToken.ResumeTokenBuilder resumeToken = new FollowToken.ResumeTokenBuilder(null);
        assertThat(resumeToken.token()).isEmpty();
        resumeToken.position("p1");
        resumeToken.event(room, 1);
        resumeToken.position("p2");
        resumeToken.event(other, 5);
        assertThat(FollowToken.parse(resumeToken.token()))
                .isEqualTo(new FollowToken(new Position("p2"), Map.of(room, 1L, other, 5L)));
        resumeToken.position("p3");
        assertThat(FollowToken.parse(resumeToken.token()))
                .isEqualTo(new FollowToken(new Position("p3"), Map.of(other, 5L)));
    }
}
