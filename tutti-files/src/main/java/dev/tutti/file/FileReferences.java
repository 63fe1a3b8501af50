package dev.tutti.file;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * References to files, which end some day. A file to which something has referred goes with the last of it; one to which nothing ever
 * has stays until its owner deletes it. To be safe for use by many threads.
 */
public interface FileReferences {
    /** None. */
    FileReferences NONE = new FileReferences() {
        @Override
        public List<String> ended(int most) {
            return List.of();
        }

        @Override
        public boolean forget(Connection connection, String file) {
            return false;
        }
    };

    /**
     * Some files, at most {@code most}, to which something refers that has ended and was not {@linkplain #forget forgotten} yet: a sweep asks
     * again until there are none. Blocks.
     */
    List<String> ended(int most);

    /**
     * Forgets what has ended of that which refers to a file, all of it or a part; true if nothing refers to it any more. Nothing comes to
     * refer to it meanwhile: whatever would must {@linkplain FileStorage#hold hold} it.
     *
     * @param connection with a transaction that has locked the file, if there still is one
     */
    boolean forget(Connection connection, String file) throws SQLException;
}
