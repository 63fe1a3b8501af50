package dev.tutti.postgres.job;

import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The times of a cron. Its expression is about what clocks in its zone show, and they skip an hour when they are put forward, and show
 * one twice when they are put back. An expression whose hour is {@code *} follows real time: it names each moment at which clocks show
 * what it says. Any other one names each day's times once: one that is skipped is the first moment after the gap, and of two moments
 * at which clocks show the same it is the first. Immutable.
 */
final class CronTimes {
    private static final Pattern GAPS = Pattern.compile("\\s+");
    private static final int WITH_SECONDS = 6;

    private final CronSchedule shown; // of what clocks show, written as if it was UTC
    private final ZoneRules rules;
    private final boolean eachHour;

    /**
     * Those of {@code expression} in {@code zone}.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    CronTimes(String expression, ZoneId zone) {
        List<String> fields = GAPS.splitAsStream(expression.strip()).toList();
        boolean seconds = fields.size() >= WITH_SECONDS;
        int hour = seconds ? 2 : 1;
        this.shown = new CronSchedule(expression, ZoneOffset.UTC, seconds ? CronStyle.SPRING53 : CronStyle.UNIX);
        this.rules = zone.getRules();
        this.eachHour = fields.size() > hour && fields.get(hour).equals("*");
    }

    /** The first one after {@code time}. */
    Instant after(Instant time) {
        return eachHour ? byRealTime(time) : byTheClock(time);
    }

    private Instant byRealTime(Instant time) {
        LocalDateTime next = next(LocalDateTime.ofInstant(time, rules.getOffset(time)));
        @Nullable ZoneOffsetTransition ahead = rules.nextTransition(time);
        if (ahead != null && ahead.isOverlap() && !next.isBefore(ahead.getDateTimeBefore())) {
            LocalDateTime again = next(ahead.getDateTimeAfter().minusSeconds(1));
            if (again.isBefore(ahead.getDateTimeBefore())) {
                return again.toInstant(ahead.getOffsetAfter());
            }
        }
        while (true) {
            for (ZoneOffset offset : rules.getValidOffsets(next)) { // none in a gap
                Instant moment = next.toInstant(offset);
                if (moment.isAfter(time)) {
                    return moment;
                }
            }
            @Nullable ZoneOffsetTransition at = rules.getTransition(next);
            next = next(at != null && at.isGap() ? at.getDateTimeAfter().minusSeconds(1) : next);
        }
    }

    private Instant byTheClock(Instant time) {
        LocalDateTime from = LocalDateTime.ofInstant(time, rules.getOffset(time));
        @Nullable ZoneOffsetTransition around = rules.getTransition(from);
        if (around != null && around.isOverlap() && !time.isBefore(around.getInstant())) {
            from = around.getDateTimeBefore().minusSeconds(1); // clocks show for the second time what comes before it
        }
        LocalDateTime next = next(from);
        @Nullable ZoneOffsetTransition at = rules.getTransition(next);
        return at != null && at.isGap() ? at.getInstant() : next.toInstant(rules.getOffset(next));
    }

    /** The time that clocks show when it is due after they showed {@code time}, if they skip nothing. */
    private LocalDateTime next(LocalDateTime time) {
        Instant next = shown.getInitialExecutionTime(time.toInstant(ZoneOffset.UTC));
        return LocalDateTime.ofInstant(next, ZoneOffset.UTC);
    }
}
