package dev.tutti.embedded;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL's programs run. PostgreSQL refuses to run as root, as processes in containers often do.
 *
 * @param prefix what comes before each command
 * @param owner who must own the database's files, if not the user who runs this
 */
record OsUser(List<String> prefix, OptionalInt owner) {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int NOBODY = 65534;

    /** The user who runs this, who is not root. */
    static final OsUser SELF = new OsUser(List.of(), OptionalInt.empty());

    /** Root, in a user namespace where it has another number and no privileges: files stay root's own. */
    static final OsUser NAMESPACE = new OsUser(List.of("unshare", "-U"), OptionalInt.of(0));

    /** Nobody: where namespaces are not allowed, as in most containers. */
    static final OsUser SOMEBODY_ELSE = new OsUser(
            List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), OptionalInt.of(NOBODY));

    /** The first that works here. */
    static OsUser find() {
        return usable().findFirst()
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.UNSUPPORTED,
                        "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv' works here to give"
                                + " root up; run Tutti as another user, or set DATABASE_URL"));
    }

    /** All that work here, the best first. */
    static Stream<OsUser> usable() {
        return Stream.of(SELF, NAMESPACE, SOMEBODY_ELSE).filter(OsUser::worksAndIsNotRoot);
    }

    ShortPrograms.Outcome run(Duration limit, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return ShortPrograms.run(whole, limit);
    }

    /** Makes everything in {@code directory} accessible to it. */
    void own(Path directory) throws IOException {
        if (owner.isPresent()) {
            Trees.own(directory, owner.getAsInt());
        }
    }

    /**
     * Makes sure that its user has a name, as initdb demands; in containers a number often has none.
     *
     * @throws TuttiException if it has none; the message says what to do
     */
    void requireName() throws IOException {
        if (!run(LIMIT, List.of("id", "-un")).succeeded()) {
            String number = run(LIMIT, List.of("id", "-u")).output();
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    "PostgreSQL makes no database for user id " + number
                            + ", which /etc/passwd has no name for; add a line"
                            + " such as 'tutti:x:" + number
                            + ":0::/:/bin/false' there, run Tutti as a user who has one, or set"
                            + " DATABASE_URL");
        }
    }

    private boolean worksAndIsNotRoot() {
        try {
            ShortPrograms.Outcome outcome = run(LIMIT, List.of("id", "-u"));
            return outcome.succeeded() && !outcome.output().equals("0");
        } catch (IOException e) {
            return false; // there is no such program here
        }
    }
}
