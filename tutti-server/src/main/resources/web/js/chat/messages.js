// The loaded run of one conversation's messages, in the order of their seqs. Pure.

const MOST_CHANGES = 500;

/** Puts a message where its seq belongs, as it is by now; one that is there already stays. */
export function insert(conversation, message) {
  const { messages, changes } = conversation;
  const at = placeOf(messages, message.seq);
  if (messages[at]?.seq === message.seq) return;
  const change = changes.get(message.seq);
  if (change) applyChange(message, change);
  for (const [emoji, reaction] of conversation.reactions.get(message.seq) ?? []) applyReaction(message, emoji, reaction);
  messages.splice(at, 0, message);
}

/** Puts what happened between messages where its seq belongs, once. */
export function insertNote({ notes }, note) {
  const at = placeOf(notes, note.seq);
  if (notes[at]?.seq !== note.seq) notes.splice(at, 0, note);
}

/** Notes what became of a message, whether it is loaded or will be: history asked for before may come after. */
export function addChange(conversation, seq, change) {
  const { messages, changes } = conversation;
  changes.delete(seq);
  changes.set(seq, change);
  if (changes.size > MOST_CHANGES) changes.delete(changes.keys().next().value);
  const message = messages[placeOf(messages, seq)];
  if (message?.seq === seq) applyChange(message, change);
}

/** Notes that count people have an emoji at a message; own is whether one is among them, undefined if that is as it was. */
export function addReaction({ messages, reactions }, seq, emoji, { count, own }) {
  const those = reactions.get(seq) ?? new Map();
  those.set(emoji, { count, own: own ?? those.get(emoji)?.own });
  reactions.delete(seq);
  reactions.set(seq, those);
  if (reactions.size > MOST_CHANGES) reactions.delete(reactions.keys().next().value);
  const message = messages[placeOf(messages, seq)];
  if (message?.seq === seq) applyReaction(message, emoji, { count, own });
}

/** The order in which they came stays. Counts are whole: what history has had already comes to the same. */
function applyReaction(message, emoji, { count, own }) {
  if (message.deleted) return;
  const reactions = message.reactions ?? [];
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if (count === 0) message.reactions = reactions.filter((reaction) => reaction !== known);
  else if (known) Object.assign(known, { count, own: own ?? known.own });
  else message.reactions = [...reactions, { emoji, count, own: own ?? false }];
}

/** Makes a change unless a later one was made: history may be ahead of the events. */
export function applyChange(message, change) {
  if (message.deleted) return;
  const stale = change.editedAt && message.editedAt && Date.parse(change.editedAt) < Date.parse(message.editedAt);
  if (!stale) Object.assign(message, change);
}

/** Where a message with this seq is, or would be: mostly at the end. */
function placeOf(messages, seq) {
  let at = messages.length;
  while (at > 0 && messages[at - 1].seq >= seq) at--;
  return at;
}
