package dev.tutti.postgres.sql;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** The meaning of PostgreSQL's failures to a caller; the one place where SQL states are told apart. */
public final class PostgresFailure {
    private static final String SCHEMA = "tutti.";
    private static final String REFUSED = "the database refused a statement";

    private PostgresFailure() {}

    /**
     * The failure with its code, and with {@code failure} as its cause:
     *
     * <ul>
     *   <li>{@link ErrorCode#UNAVAILABLE} if the database cannot be reached, is stopping or starting, does not take
     *       writes, lacks its schema or a table or function of it, is out of a resource, or if this instance had no free
     *       connection; and if a transaction had to give way to another one, or got no lock in time, so that it may be
     *       repeated
     *   <li>{@link ErrorCode#TIMEOUT} if a statement took longer than its limit
     *   <li>{@link ErrorCode#INTERNAL} otherwise
     * </ul>
     */
    public static TuttiException of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return switch (state) {
            case "57014" -> told(ErrorCode.TIMEOUT, "the database did not answer in time", failure);
            case "55P03" -> told(ErrorCode.UNAVAILABLE, "another transaction kept a lock for too long", failure);
            case "53300" -> told(ErrorCode.UNAVAILABLE, "no database connection was free in time", failure);
            case "40001", "40P01" -> told(ErrorCode.UNAVAILABLE, "the transaction gave way to another one", failure);
            case "25006" -> told(ErrorCode.UNAVAILABLE, "the database does not take writes now", failure);
            case "3F000", "42P01" -> told(ErrorCode.UNAVAILABLE, "the database lacks a table of Tutti", failure);
            case "42883" -> undefinedFunction(failure);
            case "42501" -> told(ErrorCode.UNAVAILABLE, "the database does not let this user do that", failure);
            case "25P03" -> told(ErrorCode.UNAVAILABLE, "the transaction was idle for too long", failure);
            default -> byClass(state, failure);
        };
    }

    /** An operator that is not there has this state, too: a statement that compares what cannot be compared is a defect. */
    private static TuttiException undefinedFunction(SQLException failure) {
        String missing =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse(""); // the others say where
        return missing.contains(SCHEMA) // a name, and so the same in every language
                ? told(ErrorCode.UNAVAILABLE, "the database lacks a function of Tutti", failure)
                : told(ErrorCode.INTERNAL, REFUSED, failure);
    }

    private static TuttiException byClass(String state, SQLException failure) {
        if (state.startsWith("08") || state.startsWith("57P") || failure instanceof SQLTransientConnectionException) {
            return told(ErrorCode.UNAVAILABLE, "the database cannot be reached", failure);
        }
        if (state.startsWith("53") || state.startsWith("58")) {
            return told(ErrorCode.UNAVAILABLE, "the database is short of a resource", failure);
        }
        return told(ErrorCode.INTERNAL, REFUSED, failure);
    }

    private static TuttiException told(ErrorCode code, String message, SQLException failure) {
        return new TuttiException(code, message, failure);
    }
}
