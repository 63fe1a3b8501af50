package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.input.Input;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of the chat's requests, checked. */
final class Fields {
    /** Characters of what is searched for. */
    static final int MOST_QUERY = 200;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9_-]{1,36}");
    private static final int MOST_TEXT = 4_000;
    private static final int MOST_FILES = 10;
    private static final int MOST_TITLE = 100;

    private Fields() {}

    /** An id of a conversation. A text that cannot be one is refused like the id of a conversation that is not there. */
    static String conversation(@Nullable String id) {
        if (!ID.matcher(Input.present("conversation", id)).matches()) {
            throw ConversationMembers.unknown();
        }
        return Input.present("conversation", id);
    }

    static String user(@Nullable String id) {
        return Input.form("user", id, ID, "an id");
    }

    static List<String> users(@Nullable List<@Nullable String> ids) {
        if (ids == null) {
            return List.of();
        }
        if (ids.size() > ConversationCreation.MOST_INVITED) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "members are " + ids.size() + "; at most " + ConversationCreation.MOST_INVITED + " may be");
        }
        return ids.stream().map(Fields::user).toList();
    }

    static String messageId(@Nullable String id) {
        return Input.form("id", id, MESSAGE_ID, "1 to 36 characters of [A-Za-z0-9_-]");
    }

    static String text(@Nullable String text) {
        return Input.text("text", text, 1, MOST_TEXT);
    }

    /** The text of a message, which has one unless it has attachments. */
    static String text(@Nullable String text, List<String> files) {
        return text == null && !files.isEmpty() ? "" : Input.text("text", text, files.isEmpty() ? 1 : 0, MOST_TEXT);
    }

    /** The ids of files to be attached, each once. */
    static List<String> files(@Nullable List<@Nullable String> ids) {
        if (ids == null) {
            return List.of();
        }
        if (ids.size() > MOST_FILES) {
            throw Input.refused("attachments are " + ids.size() + "; at most " + MOST_FILES + " may be");
        }
        return ids.stream()
                .map(id -> Input.form("attachments", id, ID, "a list of ids"))
                .distinct()
                .toList();
    }

    static String title(@Nullable String title) {
        return Input.label("title", title, 1, MOST_TITLE);
    }

    static long seq(@Nullable Long seq) {
        long number = Input.present("seq", seq);
        if (number < 1 || number > 999_999_999_999_999L) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "seq " + number + " is none");
        }
        return number;
    }

    static @Nullable Long replyTo(@Nullable Long seq) {
        return seq == null ? null : Long.valueOf(seq(seq));
    }

    static long seq(String seq) {
        return seq(Long.valueOf(Input.number("seq", seq)));
    }
}
