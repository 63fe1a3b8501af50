package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A snapshot of PostgreSQL's transactions in one life of a database, and its notation as a {@link Position}:
 * {@code life.xmin.length.running}, where the running transactions are joined by hyphens, and they and the length count from xmin.
 * Empty parts are left out at the end. For example {@code 3f9a0c12.742} and {@code 3f9a0c12.742.5.0-3}.
 *
 * @param life the database's life, 8 hexadecimal digits
 * @param xmin all transactions before it had ended
 * @param xmax no transaction from it on had begun
 * @param running those between, in ascending order, that had not ended
 */
record PostgresPosition(String life, long xmin, long xmax, List<Long> running) {
    private static final Pattern FORM =
            Pattern.compile("[0-9a-f]{8}\\.[1-9][0-9]{0,17}(\\.[1-9][0-9]{0,8}(\\.[0-9]{1,9}(-[0-9]{1,9})*)?)?");
    private static final Pattern FIELD = Pattern.compile("\\.");
    private static final long FIRST = 3; // PostgreSQL's first ordinary transaction

    /**
     * Transactions that a token names one by one. Beyond that, the position is moved back to the beginning of the oldest: a client
     * that resumes from it is given again what the others committed.
     */
    private static final int MOST_RUNNING = 350;

    PostgresPosition {
        running = List.copyOf(running);
    }

    /** Reads what {@code pg_current_snapshot()} wrote. */
    static PostgresPosition ofSnapshot(String life, String snapshot) {
        String[] fields = snapshot.split(":", -1);
        List<Long> running = new ArrayList<>();
        if (!fields[2].isEmpty()) {
            for (String xid : fields[2].split(",", -1)) {
                running.add(Long.valueOf(xid));
            }
        }
        long xmin = Long.parseLong(fields[0]);
        return running.size() <= MOST_RUNNING
                ? new PostgresPosition(life, xmin, Long.parseLong(fields[1]), running)
                : new PostgresPosition(life, xmin, xmin, List.of());
    }

    /** Reads a token, which may be anybody's invention. */
    static PostgresPosition of(Position position) {
        String token = position.token();
        if (!FORM.matcher(token).matches()) {
            throw refused();
        }
        String[] fields = FIELD.split(token, -1);
        long xmin = Long.parseLong(fields[1]);
        long xmax = fields.length > 2 ? xmin + Long.parseLong(fields[2]) : xmin;
        List<Long> running = new ArrayList<>();
        if (fields.length > 3) {
            for (String offset : fields[3].split("-", -1)) {
                running.add(xmin + Long.parseLong(offset));
            }
        }
        PostgresPosition read = new PostgresPosition(fields[0], xmin, xmax, running);
        if (xmin < FIRST || !read.isOrdered() || !read.toPosition().equals(position)) {
            throw refused();
        }
        return read;
    }

    /** As a token. */
    Position toPosition() {
        StringBuilder token = new StringBuilder(life).append('.').append(xmin);
        if (xmax > xmin) {
            token.append('.').append(xmax - xmin);
        }
        char separator = '.';
        for (long xid : running) {
            token.append(separator).append(xid - xmin);
            separator = '-';
        }
        return new Position(token.toString());
    }

    /** As PostgreSQL reads a {@code pg_snapshot}. */
    String toSnapshot() {
        StringBuilder snapshot =
                new StringBuilder().append(xmin).append(':').append(xmax).append(':');
        for (long xid : running) {
            snapshot.append(xid).append(',');
        }
        if (!running.isEmpty()) {
            snapshot.setLength(snapshot.length() - 1);
        }
        return snapshot.toString();
    }

    /** Refuses itself unless it comes before {@code now} in the same life. */
    void requireBefore(PostgresPosition now) {
        if (!life.equals(now.life) || xmax > now.xmax) {
            throw refused();
        }
    }

    private boolean isOrdered() {
        long last = xmin - 1;
        for (long xid : running) {
            if (xid <= last || xid >= xmax) {
                return false;
            }
            last = xid;
        }
        return true;
    }

    private static TuttiException refused() {
        return new TuttiException(
                ErrorCode.BAD_REQUEST, "position is not one of this database's, or is of an earlier life of it");
    }
}
