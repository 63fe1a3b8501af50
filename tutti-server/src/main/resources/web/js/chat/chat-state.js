// The state of the chat as it is known, and the changes of it by events. Pure: no network, no page, no clock.
//
// A conversation's `applied` is the seq up to which its stream is in it. An event that is not newer is dropped, so that nothing
// counts twice; an event that leaves a hole is not applied, and the conversation is loaded anew. While it is being loaded its
// events wait in `arriving`, so that none falls between what was loaded and what comes next.

import { addChange, addReaction, applyChange, insert, insertNote } from "./messages.js";

const INBOX = "user:";
const CONVERSATION = "conversation:";
const MOST_UNREAD = 100;
const MOST_ARRIVING = 1_000;
const SHOWN_MEMBERS = 20;

/** The state that GET /api/chat describes. */
export function stateOf({ me, users, conversations, invitations, fileBytes = 0 }) {
  return {
    me,
    fileBytes, // of the largest attachment; 0: there are none
    users: { ...users, [me.id]: me },
    conversations: new Map(conversations.map((conversation) => [conversation.id, opened(conversation)])),
    invitations: new Map(invitations.map((invitation) => [invitation.id, invitation])),
    arriving: new Map(),
  };
}

/** A conversation as the server describes it, none of its messages loaded yet. */
export function opened(conversation, since = "") {
  return {
    ...conversation,
    since,
    applied: conversation.lastSeq,
    messages: [],
    notes: [], // who came and left, and other titles: {seq, type, user, by, title, at}
    quotes: new Map(), // messages that were answered and are not in `messages`, by seq; null while they are looked for
    changes: new Map(),
    reactions: new Map(), // those that came with events, by seq and emoji: {count, own}
    loaded: false,
    failed: null, // why the first page of history could not be had, until it is asked for again
    more: true,
    before: undefined,
    trims: 0, // how often the earliest messages were forgotten
    reads: {},
  };
}

/**
 * Applies an event. Returns what is to be done about it: {load: id} if a conversation must be fetched, {left: conversation} if
 * one is gone, {said: message, conversation} if something new was said, {invitedBy: user} if there is a new invitation, or null.
 */
export function apply(state, event) {
  if (event.stream.startsWith(INBOX)) return applyInbox(state, event);
  if (!event.stream.startsWith(CONVERSATION)) return null;
  const id = event.stream.slice(CONVERSATION.length);
  const arriving = state.arriving.get(id);
  if (arriving) {
    keep(arriving.events, event);
    return null;
  }
  const conversation = state.conversations.get(id);
  if (!conversation || event.seq <= conversation.applied) return null;
  if (event.seq > conversation.applied + 1) return expect(state, id, event);
  conversation.applied = event.seq;
  return applyToConversation(state, conversation, event);
}

/** Beyond the bound the latest event takes the place of the one before: behind a hole, so that the conversation is loaded once more. */
function keep(events, event) {
  if (events.length < MOST_ARRIVING) events.push(event);
  else if (event.seq > events.at(-1).seq) events[MOST_ARRIVING - 1] = event;
}

/**
 * Begins to keep a conversation's events for when it was loaded, and the latest news of it in the inbox; null if that is under
 * way already.
 */
export function expect(state, id, ...events) {
  if (state.arriving.has(id)) return null;
  state.arriving.set(id, { events, news: new Map() });
  return { load: id };
}

/** A conversation was loaded: takes it, and what came meanwhile. Returns all that is to be done. */
export function arrived(state, conversation) {
  const { events = [], news = new Map() } = state.arriving.get(conversation.id) ?? {};
  state.arriving.delete(conversation.id);
  const known = state.conversations.get(conversation.id);
  conversation.reads = { ...known?.reads, ...conversation.reads };
  conversation.since ||= known?.since ?? "";
  conversation.role ??= known?.role;
  for (const member of conversation.members) state.users[member.id] = member;
  state.conversations.set(conversation.id, conversation);
  return [...events, ...news.values()].map((event) => apply(state, event)).filter((todo) => todo !== null);
}

/** One made or joined a conversation. It is shown at once, and fetched once more for what was said before it was known. */
export function enter(state, conversation, since) {
  for (const member of conversation.members) state.users[member.id] = member;
  state.invitations.delete(conversation.id);
  const known = state.conversations.get(conversation.id);
  if (known) {
    // the event was quicker, and may have come before everybody was in it
    const { members, memberCount, invitation } = conversation;
    if (known.applied <= conversation.lastSeq) Object.assign(known, { members, memberCount, invitation });
    return null;
  }
  state.conversations.set(conversation.id, opened(conversation, since));
  return expect(state, conversation.id);
}

/** It turned out that one is not in it. */
export function gone(state, id) {
  const conversation = state.conversations.get(id);
  state.arriving.delete(id);
  state.conversations.delete(id);
  return conversation ? { left: conversation } : null;
}

/** A page of history, newest first, joins what is there; changes that came before it did are made in it too. */
export function addHistory(state, conversation, page) {
  Object.assign(state.users, page.users);
  for (const message of page.messages) insert(conversation, message);
  for (const note of page.notes ?? []) insertNote(conversation, note);
  conversation.more = page.more;
  conversation.before = page.before ?? page.messages.at(-1)?.seq ?? conversation.before;
  conversation.loaded = true;
}

/** How much of a conversation is kept: messages, and what happened between them. */
export const lengthOf = ({ messages, notes }) => messages.length + notes.length;

/** Forgets all but the latest of a conversation; history has the others. */
export function trim(conversation, keep) {
  if (lengthOf(conversation) <= keep) return;
  const { messages, notes } = conversation;
  const first = [...messages, ...notes].map(({ seq }) => seq).sort((a, b) => a - b).at(-keep);
  conversation.messages = messages.filter(({ seq }) => seq >= first);
  conversation.notes = notes.filter(({ seq }) => seq >= first);
  conversation.quotes.clear();
  conversation.trims += 1;
  conversation.more = true;
  if (conversation.loaded) conversation.before = first;
}

function applyInbox(state, event) {
  const { type, data, at } = event;
  const conversation = state.conversations.get(data.conversation);
  switch (type) {
    case "invitation":
      state.users[data.by.id] = data.by;
      return { invitedBy: data.by };
    case "invitation.accepted":
      state.arriving.get(data.conversation)?.news.set(type, event); // what is being loaded may be from before
      if (conversation) conversation.invitation = null;
      return null;
    case "invitation.declined":
      state.invitations.delete(data.conversation);
      return null;
    case "conversation.joined": {
      state.invitations.delete(data.conversation);
      if (conversation && conversation.joinedSeq >= data.after) return null; // was in the list already
      if (conversation) conversation.joinedSeq = data.after;
      const todo = expect(state, data.conversation);
      return todo && { ...todo, since: at };
    }
    case "conversation.left":
      return conversation ? expect(state, data.conversation) : null; // perhaps an old story: the server knows
    case "read":
      state.arriving.get(data.conversation)?.news.set(type, event);
      if (conversation) markRead(state, conversation, state.me.id, data.seq);
      return null;
    default:
      return null;
  }
}

function applyToConversation(state, conversation, { type, data, seq, at, key }) {
  switch (type) {
    case "message": {
      const id = clientId(key, data.sender);
      const message = { seq, id, sender: data.sender, text: data.text, at, editedAt: null, deleted: false,
        attachments: data.attachments ?? [], reactions: [], replyTo: data.replyTo ?? null };
      conversation.lastMessage = { ...message };
      if (data.sender !== state.me.id) conversation.unread = Math.min(MOST_UNREAD, conversation.unread + 1);
      insert(conversation, message);
      return { said: message, conversation };
    }
    case "message.edited":
      return changed(conversation, data.seq, { text: data.text, editedAt: at });
    case "message.deleted":
      return changed(conversation, data.seq, { text: "", deleted: true, attachments: [], reactions: [], replyTo: null });
    case "message.reacted":
      if (!data.emoji) return null; // the message was deleted since
      addReaction(conversation, data.seq, data.emoji, { count: data.count, own: data.user === state.me.id ? data.added : undefined });
      return null;
    case "member.joined":
      state.users[data.user.id] = data.user;
      insertNote(conversation, { seq, type, user: data.user.id, by: data.by, title: null, at });
      if (!conversation.members.some((member) => member.id === data.user.id)) {
        conversation.memberCount += 1;
        if (conversation.members.length < SHOWN_MEMBERS) conversation.members.push(data.user);
      }
      return null;
    case "member.left":
      if (data.user === state.me.id) return seq <= conversation.joinedSeq ? null : gone(state, conversation.id);
      insertNote(conversation, { seq, type, user: data.user, by: data.by, title: null, at });
      if (data.owner === state.me.id) conversation.role = "owner";
      conversation.memberCount = Math.max(1, conversation.memberCount - 1);
      conversation.members = conversation.members.filter((member) => member.id !== data.user);
      delete conversation.reads[data.user];
      return null;
    case "conversation.members":
      conversation.memberCount = data.memberCount;
      return null;
    case "conversation.renamed":
      conversation.title = data.title;
      insertNote(conversation, { seq, type, user: null, by: data.by, title: data.title, at });
      return null;
    case "read":
      markRead(state, conversation, data.user, data.seq);
      return null;
    default:
      return null; // of a newer server
  }
}

function changed(conversation, seq, change) {
  addChange(conversation, seq, change);
  const quote = conversation.quotes.get(seq);
  if (quote) applyChange(quote, change);
  if (conversation.lastMessage?.seq === seq) applyChange(conversation.lastMessage, change);
  return null;
}

function clientId(key, sender) {
  return key?.startsWith(`${sender}.`) ? key.slice(sender.length + 1) : null;
}

/** Somebody has read up to seq; it only ever moves forward. */
export function markRead(state, conversation, user, seq) {
  if (user !== state.me.id) {
    conversation.reads[user] = Math.max(conversation.reads[user] ?? 0, seq);
    return;
  }
  if (seq <= conversation.readSeq) return;
  conversation.readSeq = seq;
  if (seq >= (conversation.lastMessage?.seq ?? 0)) conversation.unread = 0;
  else conversation.unread = Math.min(conversation.unread, unreadBehind(state, conversation, seq));
}

/** How many messages of others are behind seq, as far as one can tell from what is loaded. */
function unreadBehind(state, { messages, more }, seq) {
  const reaches = messages.length > 0 && (!more || messages[0].seq <= seq + 1);
  if (!reaches) return MOST_UNREAD;
  return messages.filter((message) => message.seq > seq && message.sender !== state.me.id).length;
}
