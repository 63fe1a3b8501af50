// What is known of the chat, and what an event changes of it. Pure: no network, no page, no clock.
//
// A conversation's `applied` is the last seq of its stream that is in it. An event is taken only if it is newer, so that
// nothing counts twice, whatever the server repeats.

/** Which conversation an event is in, or null. */
export const conversationOf = ({ stream }) => (stream.startsWith(CONVERSATION) ? stream.slice(CONVERSATION.length) : null);

const INBOX = "user:";
const CONVERSATION = "conversation:";

/** The state that GET /api/chat describes. What was loaded of a conversation before is kept if nothing can be missing. */
export function stateOf(answer) {
  const conversations = new Map();
  for (const conversation of answer.conversations) conversations.set(conversation.id, opened(conversation));
  return { me: answer.me, users: { ...answer.users, [answer.me.id]: answer.me }, conversations };
}

/** A conversation as the server describes it, none of its messages loaded yet. */
export function opened(conversation) {
  return {
    ...conversation,
    applied: conversation.lastSeq,
    messages: [],
    loaded: false,
    more: true,
    reads: {},
  };
}

/**
 * Applies an event of the feed. Returns what is to be done about it: {load: id} if a conversation must be fetched, {left:
 * id} if one is gone, {message, conversation} if something new was said, or null.
 */
export function apply(state, event) {
  if (event.stream.startsWith(INBOX)) return applyInbox(state, event);
  if (!event.stream.startsWith(CONVERSATION)) return null;
  const conversation = state.conversations.get(event.stream.slice(CONVERSATION.length));
  if (!conversation) return null;
  if (event.seq <= conversation.applied) return null;
  if (event.seq > conversation.applied + 1) return { load: conversation.id }; // a hole cannot be, but if it is, it shows
  conversation.applied = event.seq;
  conversation.lastSeq = event.seq;
  return applyToConversation(state, conversation, event);
}

function applyInbox(state, { type, data }) {
  const conversation = state.conversations.get(data.conversation);
  switch (type) {
    case "conversation.joined":
      return conversation ? null : { load: data.conversation };
    case "conversation.left":
      return conversation ? { left: data.conversation } : null;
    case "read":
      if (conversation) markRead(state, conversation, state.me.id, data.seq);
      return null;
    default:
      return null;
  }
}

function applyToConversation(state, conversation, { type, data, seq, at, key }) {
  switch (type) {
    case "message": {
      const message = { seq, id: clientId(key, data.sender), sender: data.sender, text: data.text, at, editedAt: null, deleted: false };
      conversation.lastMessage = message;
      insert(conversation, message);
      if (data.sender === state.me.id) markRead(state, conversation, state.me.id, seq);
      else conversation.unread = Math.min(100, conversation.unread + 1);
      return { message, conversation };
    }
    case "message.edited":
      change(conversation, data.seq, { text: data.text, editedAt: at });
      return null;
    case "message.deleted":
      change(conversation, data.seq, { text: "", deleted: true });
      return null;
    case "member.joined":
      state.users[data.user.id] = data.user;
      if (!conversation.members.some((member) => member.id === data.user.id)) {
        conversation.memberCount += 1;
        if (conversation.members.length < 20) conversation.members.push(data.user);
      }
      return null;
    case "member.left":
      conversation.memberCount -= 1;
      conversation.members = conversation.members.filter((member) => member.id !== data.user);
      return data.user === state.me.id ? { left: conversation.id } : null;
    case "read":
      markRead(state, conversation, data.user, data.seq);
      return null;
    default:
      return null;
  }
}

function clientId(key, sender) {
  return key?.startsWith(`${sender}.`) ? key.slice(sender.length + 1) : null;
}

/** Puts a message where its seq belongs; one that is there already stays. Only the loaded run of messages takes any. */
export function insert(conversation, message) {
  const messages = conversation.messages;
  let at = messages.length;
  while (at > 0 && messages[at - 1].seq > message.seq) at--;
  if (at > 0 && messages[at - 1].seq === message.seq) return;
  messages.splice(at, 0, message);
}

/** A page of history, newest first, is put before or between what is known. */
export function addHistory(state, conversation, page) {
  Object.assign(state.users, page.users);
  for (const message of page.messages) insert(conversation, message);
  conversation.more = page.more;
  conversation.before = page.before;
  conversation.loaded = true;
}

function change(conversation, seq, changes) {
  const messages = conversation.messages.filter((message) => message.seq === seq);
  if (conversation.lastMessage?.seq === seq) messages.push(conversation.lastMessage);
  for (const message of messages) Object.assign(message, changes);
}

/** Somebody has read up to seq; it only ever moves forward. */
export function markRead(state, conversation, user, seq) {
  if (user !== state.me.id) {
    conversation.reads[user] = Math.max(conversation.reads[user] ?? 0, seq);
  } else if (seq > conversation.readSeq) {
    conversation.readSeq = seq;
    const known = conversation.messages.filter((message) => message.seq > seq && message.sender !== user).length;
    conversation.unread = seq >= (conversation.lastMessage?.seq ?? 0) ? 0 : Math.min(conversation.unread, known || conversation.unread);
  }
}

/** The newest of one's own messages that others have read, with how many of them: {seq, count}, or null. */
export function receipt(state, conversation) {
  const own = conversation.messages.filter((message) => message.sender === state.me.id && !message.deleted);
  for (let i = own.length - 1; i >= 0; i--) {
    const count = Object.values(conversation.reads).filter((seq) => seq >= own[i].seq).length;
    if (count > 0) return { seq: own[i].seq, count };
  }
  return null;
}

/** What to call it: a group's title, or the other person's name. */
export function titleOf(state, conversation) {
  if (conversation.kind === "group") return conversation.title;
  return otherIn(state, conversation)?.displayName ?? "Notes to myself";
}

/** Whose face stands for it: the other person's, or the group's own. */
export function faceOf(state, conversation) {
  return conversation.kind === "group" ? conversation.id : (otherIn(state, conversation) ?? state.me).id;
}

const otherIn = (state, { members }) => members.find((member) => member.id !== state.me.id);

/** Those with the latest message first. */
export function ordered(state) {
  const time = (conversation) => conversation.lastMessage?.at ?? "";
  return [...state.conversations.values()].sort((a, b) => time(b).localeCompare(time(a)) || a.id.localeCompare(b.id));
}

export const unreadInAll = (state) => [...state.conversations.values()].reduce((sum, { unread }) => sum + unread, 0);

/** The resume token, put together as docs/websocket.md says. */
export class ResumeToken {
  #token;
  #recent = "";

  constructor(token) {
    this.#token = token;
  }

  position(position) {
    this.#token = position + this.#recent;
    this.#recent = "";
  }

  event({ stream, seq }) {
    const mark = `~${stream}@${seq}`;
    this.#token += mark;
    this.#recent += mark;
  }

  toString() {
    return this.#token;
  }
}
