// The questions that one may ask the state. Pure.

import { dateOf } from "../ui/time.js";

/** A message in one line. */
export function lineOf({ text, deleted, attachments }) {
  if (deleted) return "Message deleted";
  if (text || !attachments?.length) return text.slice(0, 200);
  return attachments.length === 1 ? attachments[0].name : `${attachments.length} files`;
}

/** The words for something that happened between messages. */
export function noteWords(state, { type, user, by, title }) {
  const name = (id, you) => (id === state.me.id ? you : nameOf(state, id));
  switch (type) {
    case "member.joined":
      return user === by ? `${name(user, "You")} joined` : `${name(by, "You")} added ${name(user, "you")}`;
    case "member.left":
      return user === by ? `${name(user, "You")} left` : `${name(by, "You")} removed ${name(user, "you")}`;
    default:
      return `${name(by, "You")} renamed the group to “${title}”`;
  }
}

/** The words for who made a group, and when; "" for a direct conversation. */
export function createdWords(state, { kind, createdAt, createdBy }) {
  if (kind !== "group" || !createdAt) return "";
  if (!createdBy) return `The group was created on ${dateOf(createdAt)}.`;
  const name = createdBy.id === state.me.id ? "You" : (state.users[createdBy.id] ?? createdBy).displayName;
  return `${name} created the group on ${dateOf(createdAt)}.`;
}

/** The name of a conversation: a group's title, or the other person's name. */
export function titleOf(state, conversation) {
  if (conversation.kind === "group") return conversation.title;
  return otherOf(state, conversation)?.displayName ?? "Somebody";
}

/** The other one of a direct conversation. */
export const otherOf = (state, conversation) => conversation.members.find((member) => member.id !== state.me.id);

/** With whom one has direct conversations: ids, the one of the conversation `viewed` first, if there is one, then those with the latest message. */
export function partnersOf(state, viewed) {
  const first = state.conversations.get(viewed);
  return [...new Set(first ? [first, ...ordered(state)] : ordered(state))].flatMap((conversation) =>
    conversation.kind === "direct" ? (otherOf(state, conversation)?.id ?? []) : []);
}

/** The picture that stands for a conversation: an id, and which picture there is of that. */
export function faceOf(state, conversation) {
  const other = conversation.kind === "direct" ? otherOf(state, conversation) : null;
  return other ? [other.id, other.avatar] : [conversation.id];
}

export const nameOf = (state, user) => state.users[user]?.displayName ?? "Somebody";

/** All conversations, those with the latest message first. */
export function ordered(state) {
  const latest = ({ lastMessage, since }) => lastMessage?.at ?? since;
  return [...state.conversations.values()].sort((a, b) => descending(latest(a), latest(b)) || descending(a.id, b.id));
}

/** The conversations of people who want to talk with one, the latest first. */
export const invitations = (state) => [...state.invitations.values()].sort((a, b) =>
  descending(a.lastMessage?.at ?? "", b.lastMessage?.at ?? "") || descending(a.id, b.id));

const descending = (a, b) => (a < b ? 1 : a > b ? -1 : 0);

export const unreadInAll = (state) => [...state.conversations.values()].reduce((sum, { unread }) => sum + unread, 0);

/** The number on a badge: the server counts to a hundred. */
export const unreadLabel = (unread) => (unread >= 100 ? "99+" : String(unread));

/** How many others have read the message at seq. */
export const readersOf = (conversation, seq) => Object.values(conversation.reads).filter((read) => read >= seq).length;

/** One's newest message that is not deleted. */
export function lastOwn(state, conversation) {
  return conversation.messages.findLast((message) => message.sender === state.me.id && !message.deleted);
}

/** "Read", "Read by 3", or "" for one's last message, if it ends the conversation. */
export function receiptOf(state, conversation) {
  const last = conversation.messages.at(-1);
  if (!last || last.deleted || last.sender !== state.me.id) return "";
  const readers = readersOf(conversation, last.seq);
  if (readers === 0) return "";
  return conversation.kind === "direct" ? "Read" : `Read by ${readers}`;
}

/** Whether one may delete it: one's own, or any in a group that one owns. */
export const mayDelete = (state, conversation, message) =>
  !message.deleted && (message.sender === state.me.id || conversation.role === "owner");
