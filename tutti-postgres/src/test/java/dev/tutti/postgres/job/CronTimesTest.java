package dev.tutti.postgres.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The times of crons in Berlin, where clocks skip 2:00 to 3:00 on 2026-03-29, and show it twice on 2026-10-25, from 0:00 UTC on. */
class CronTimesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> times(int number, String expression, String after) {
        CronTimes times = new CronTimes(expression, BERLIN);
        List<String> found = new ArrayList<>();
        Instant time = Instant.parse(after);
        for (int i = 0; i < number; i++) {
            time = times.after(time);
            found.add(time.toString());
        }
        return found;
    }

    @Test
    void whatClocksSkipIsDueAtTheEndOfTheGapAndOnce() {
        assertThat(times(3, "30 2 * * *", "2026-03-28T00:00:00Z"))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(times(2, "15 30 2 * * *", "2026-03-29T00:59:59Z"))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:15Z");
        assertThat(times(2, "*/20 2,3 29 3 *", "2026-03-29T00:00:00Z"))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:20:00Z");
        assertThat(times(2, "0 */2 * * *", "2026-03-28T23:00:00Z"))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
        assertThat(times(2, "0 3 * * *", "2026-03-29T00:00:00Z"))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z");
    }

    @Test
    void whatClocksShowTwiceIsDueTheFirstTime() {
        assertThat(times(2, "30 2 * * *", "2026-10-24T12:00:00Z"))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(times(3, "*/30 2 * * *", "2026-10-24T12:00:00Z"))
                .containsExactly("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z");
        assertThat(times(1, "30 2 * * *", "2026-10-25T01:10:00Z"))
                .as("from when they show it again")
                .containsExactly("2026-10-26T01:30:00Z");
        assertThat(times(1, "0 3 * * *", "2026-10-25T01:10:00Z")).containsExactly("2026-10-25T02:00:00Z");
        assertThat(times(1, "0 3 * * *", "2026-10-25T00:30:00Z")).containsExactly("2026-10-25T02:00:00Z");
    }

    @Test
    void oneOfEachHourFollowsRealTimeInBothNights() {
        assertThat(times(3, "*/30 * * * *", "2026-03-29T00:00:00Z"))
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
        assertThat(times(2, "45 * * * *", "2026-03-29T00:00:00Z"))
                .containsExactly("2026-03-29T00:45:00Z", "2026-03-29T01:45:00Z");
        assertThat(times(4, "*/30 * * * *", "2026-10-25T00:00:00Z"))
                .containsExactly(
                        "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z");
        assertThat(times(3, "45 * * * *", "2026-10-25T00:00:00Z"))
                .containsExactly("2026-10-25T00:45:00Z", "2026-10-25T01:45:00Z", "2026-10-25T02:45:00Z");
        assertThat(times(2, "* * * * * *", "2026-03-29T00:59:58Z"))
                .containsExactly("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z");
    }

    @Test
    void anExpressionThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> new CronTimes("61 3 * * *", BERLIN)).isInstanceOf(IllegalArgumentException.class);
    }
}
