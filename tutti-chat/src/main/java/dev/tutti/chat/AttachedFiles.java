package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Where the files are that people attach to messages. To be safe for use by many threads. */
public interface AttachedFiles {
    /** No files: messages with attachments are refused with {@link ErrorCode#UNSUPPORTED}. */
    AttachedFiles NONE = new AttachedFiles() {
        @Override
        public Optional<Attachment> find(String owner, String id) {
            throw new TuttiException(ErrorCode.UNSUPPORTED, "this server keeps no files");
        }

        @Override
        public boolean hold(Connection connection, List<String> ids) {
            return false;
        }

        @Override
        public long mostBytes() {
            return 0;
        }
    };

    /** The file with that id, if there is one and it is {@code owner}'s. */
    Optional<Attachment> find(String owner, String id);

    /**
     * Keeps the files with those ids, each given once, from being deleted until the transaction of {@code connection} ends; false if
     * one of them is gone.
     */
    boolean hold(Connection connection, List<String> ids) throws SQLException;

    /** The largest file there may be; 0 if there are none. */
    long mostBytes();
}
