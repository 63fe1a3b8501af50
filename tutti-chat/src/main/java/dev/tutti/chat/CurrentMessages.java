package dev.tutti.chat;

import dev.tutti.chat.ChangeStore.Change;
import dev.tutti.chat.ChangeStore.Place;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as they are now for somebody who reads them: edited, deleted, and with the reactions to them. Two queries. Stateless. */
final class CurrentMessages {
    private final ChangeStore changes = new ChangeStore();
    private final ReactionStore reactions = new ReactionStore();

    /** The messages of {@code sent}, in its order, as {@code user} sees them. */
    Map<Place, ChatMessage> of(Connection connection, String user, Map<Place, ChatMessage> sent) throws SQLException {
        if (sent.isEmpty()) {
            return sent;
        }
        List<Place> places = List.copyOf(sent.keySet());
        Map<Place, List<Reaction>> reacted = reactions.of(connection, user, places);
        Map<Place, Change> changed = changes.of(connection, places); // last: what is deleted by now has no reactions
        Map<Place, ChatMessage> now = new LinkedHashMap<>();
        sent.forEach((place, message) -> {
            ChatMessage with = message.with(reacted.getOrDefault(place, List.of()));
            Change change = changed.get(place);
            now.put(place, change == null ? with : change.applyTo(with));
        });
        return now;
    }
}
