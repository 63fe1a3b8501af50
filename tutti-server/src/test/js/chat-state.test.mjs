// What events make of the page's state. Run all with: node --test tutti-server/src/test/js/*.test.mjs

import assert from "node:assert/strict";
import { test } from "node:test";
import { addHistory, apply, arrived, enter, expect, gone, markRead, opened, trim } from "../../main/resources/web/js/chat/chat-state.js";
import { at, ben, described, eve, event, inbox, said, seqs, state, stored } from "./fixture/chat.mjs";

const of = (it) => it.conversations.get("c");

test("a repeated event counts once", () => {
  const it = state();
  apply(it, said(3));
  apply(it, said(3));
  apply(it, said(2));
  assert.deepEqual(seqs(of(it)), [3]);
  assert.equal(of(it).unread, 1);
});

test("one's own message is told with one's own id and counts as nothing new", () => {
  const it = state();
  const todo = apply(it, said(3, "a", "x-1"));
  assert.equal(todo.said.id, "x-1");
  assert.equal(of(it).unread, 0);
});

test("a hole is not passed over: the conversation is loaded, and what came meanwhile is applied", () => {
  const it = state();
  assert.deepEqual(apply(it, said(5)), { load: "c" });
  assert.equal(apply(it, said(6)), null);
  assert.equal(apply(it, said(7)), null);
  assert.deepEqual(seqs(of(it)), []);
  const todo = arrived(it, opened(described({ lastSeq: 6, unread: 4 })));
  assert.deepEqual(todo.map((each) => each.said.seq), [7]);
  assert.equal(of(it).applied, 7);
  assert.equal(of(it).unread, 5);
});

test("a hole that is still there after loading is loaded once more", () => {
  const it = state();
  apply(it, said(5));
  apply(it, said(9));
  assert.deepEqual(arrived(it, opened(described({ lastSeq: 5 }))), [{ load: "c" }]);
});

test("what waits while a conversation is loaded is bounded, and what was too much is loaded", () => {
  const it = state();
  expect(it, "c");
  for (let seq = 3; seq < 3_000; seq++) apply(it, said(seq));
  apply(it, said(1_500)); // once more
  assert.equal(it.arriving.get("c").events.length, 1_000);
  const todo = arrived(it, opened(described()));
  assert.equal(of(it).applied, 1_001);
  assert.deepEqual(todo.filter(({ load }) => load), [{ load: "c" }]);
  assert.deepEqual(arrived(it, opened(described({ lastSeq: 2_999 }))), []);
  assert.equal(of(it).applied, 2_999);
});

test("what was read elsewhere, and accepted, while a conversation is loaded is so afterwards", () => {
  const it = state({ invitation: "sent" });
  assert.deepEqual(apply(it, said(4)), { load: "c" });
  apply(it, inbox("read", { conversation: "c", seq: 4 }));
  apply(it, inbox("invitation.accepted", { conversation: "c" }, 2));
  apply(it, said(5));
  arrived(it, opened(described({ lastSeq: 3, unread: 1, invitation: "sent" }))); // from before all that
  assert.equal(of(it).invitation, null);
  assert.equal(of(it).readSeq, 4);
  assert.equal(of(it).unread, 1);
});

test("one who was invited and accepts while the conversation is loaded for the first time has accepted", () => {
  const it = state();
  apply(it, inbox("conversation.joined", { conversation: "d", after: 0 }));
  apply(it, inbox("invitation.accepted", { conversation: "d" }, 2));
  arrived(it, opened(described({ id: "d", lastSeq: 0, invitation: "sent" })));
  assert.equal(it.conversations.get("d").invitation, null);
});

test("a large group tells how many are in it when all are", () => {
  const it = state({ kind: "group", title: "T", memberCount: 251, lastSeq: 0 });
  apply(it, event(1, "conversation.members", { memberCount: 601 }));
  assert.equal(of(it).memberCount, 601);
});

test("a conversation that one comes into is loaded once, and nothing said meanwhile is missing", () => {
  const it = state();
  assert.deepEqual(apply(it, inbox("conversation.joined", { conversation: "d", after: 4 })), { load: "d", since: at(1) });
  assert.equal(apply(it, inbox("conversation.joined", { conversation: "d", after: 4 }, 2)), null);
  apply(it, { ...said(6), stream: "conversation:d" });
  arrived(it, opened(described({ id: "d", lastSeq: 5, joinedSeq: 4 })));
  assert.deepEqual(seqs(it.conversations.get("d")), [6]);
});

test("a conversation that one made is there at once and loaded once", () => {
  const it = state();
  assert.deepEqual(enter(it, described({ id: "d", members: [eve] }), at(9)), { load: "d" });
  assert.equal(it.users.e, eve);
  assert.equal(apply(it, inbox("conversation.joined", { conversation: "d", after: 0 })), null);
  assert.equal(enter(it, described({ id: "d" }), at(9)), null);
});

test("news of joining what is in the list already changes nothing", () => {
  const it = state();
  assert.equal(apply(it, inbox("conversation.joined", { conversation: "c", after: 0 })), null);
});

test("one who leaves is out; one who has come back since is not", () => {
  const out = state();
  assert.equal(apply(out, event(3, "member.left", { user: "a", by: "a", owner: "b" })).left.id, "c");
  assert.equal(of(out), undefined);
  const back = state();
  apply(back, inbox("conversation.joined", { conversation: "c", after: 4 }));
  arrived(back, opened(described({ lastSeq: 2, joinedSeq: 4 })));
  assert.equal(apply(back, event(3, "member.left", { user: "a", by: "a", owner: "b" })), null);
  assert.ok(of(back));
});

test("the news that one has left is checked, for it may be an old one", () => {
  const it = state();
  assert.deepEqual(apply(it, inbox("conversation.left", { conversation: "c" })), { load: "c" });
  assert.equal(gone(it, "c").left.id, "c");
  assert.equal(gone(it, "c"), null);
  assert.equal(apply(it, said(3)), null);
});

test("members come and go", () => {
  const it = state({ kind: "group", title: "T" });
  apply(it, event(3, "member.joined", { user: eve, by: "b" }));
  assert.equal(of(it).memberCount, 3);
  assert.equal(it.users.e, eve);
  markRead(it, of(it), "e", 3);
  apply(it, event(4, "member.left", { user: "e", by: "b", owner: "a" }));
  assert.equal(of(it).memberCount, 2);
  assert.deepEqual(of(it).members.map(({ id }) => id), ["a", "b"]);
  assert.equal(of(it).role, "owner");
  assert.deepEqual(of(it).reads, {});
});

test("history and news meet without a repeat, in order, whichever comes first", () => {
  const it = state({ lastSeq: 4 });
  apply(it, said(5));
  addHistory(it, of(it), { messages: [5, 4, 1].map((seq) => stored(seq)), users: { b: ben }, more: true, before: 1 });
  apply(it, said(6));
  addHistory(it, of(it), { messages: [stored(1)], users: {}, more: false, before: 1 });
  assert.deepEqual(seqs(of(it)), [1, 4, 5, 6]);
  assert.equal(of(it).more, false);
});

test("an edit that came before the page of history it belongs to is made in it", () => {
  const it = state({ lastSeq: 4 });
  apply(it, event(5, "message.edited", { seq: 3, sender: "b", text: "better" }));
  apply(it, event(6, "message.deleted", { seq: 4, sender: "b", by: "b" }));
  addHistory(it, of(it), { messages: [stored(4), stored(3)], users: {}, more: false, before: 3 });
  assert.equal(of(it).messages[0].text, "better");
  assert.deepEqual([of(it).messages[1].deleted, of(it).messages[1].text], [true, ""]);
});

test("an old edit does not undo what history tells of a later one", () => {
  const it = state({ lastSeq: 4 });
  addHistory(it, of(it), { messages: [stored(3, { text: "newest", editedAt: at(9) })], users: {}, more: false, before: 3 });
  apply(it, event(5, "message.edited", { seq: 3, sender: "b", text: "older" }));
  assert.equal(of(it).messages[0].text, "newest");
});

test("edits and deletions show in the list too", () => {
  const it = state();
  apply(it, said(3));
  apply(it, event(4, "message.edited", { seq: 3, sender: "b", text: "better" }));
  assert.equal(of(it).lastMessage.text, "better");
  apply(it, event(5, "message.deleted", { seq: 3, sender: "b", by: "b" }));
  apply(it, event(6, "message.edited", { seq: 3, sender: "b", text: "too late" }));
  assert.deepEqual([of(it).lastMessage.deleted, of(it).messages[0].text], [true, ""]);
});

test("reading only moves forward, and clears the count only of what was read", () => {
  const it = state({ lastSeq: 0 });
  addHistory(it, of(it), { messages: [], users: {}, more: false });
  for (const seq of [1, 2, 3]) apply(it, said(seq));
  assert.equal(of(it).unread, 3);
  apply(it, event(4, "read", { user: "a", seq: 2 }));
  assert.equal(of(it).unread, 1);
  apply(it, event(5, "read", { user: "a", seq: 1 }));
  assert.equal(of(it).readSeq, 2);
  apply(it, inbox("read", { conversation: "c", seq: 3 }));
  assert.equal(of(it).unread, 0);
});

test("a conversation nobody looks at keeps its latest messages, and history joins them again", () => {
  const it = state({ lastSeq: 200 });
  addHistory(it, of(it), { messages: Array.from({ length: 200 }, (_, i) => stored(200 - i)), users: {}, more: false, before: 1 });
  trim(of(it), 100);
  assert.equal(of(it).messages.length, 100);
  assert.equal(of(it).before, 101);
  assert.equal(of(it).more, true);
});

test("of who came and left the latest are kept too, and history joins the others again", () => {
  const it = state({ kind: "group", title: "T", lastSeq: 0 });
  addHistory(it, of(it), { messages: [], users: {}, more: false });
  apply(it, said(1));
  for (let seq = 2; seq <= 301; seq += 2) {
    apply(it, event(seq, "member.joined", { user: eve, by: "e" }));
    apply(it, event(seq + 1, "member.left", { user: "e", by: "e", owner: "b" }));
  }
  trim(of(it), 100);
  assert.deepEqual([of(it).messages.length, of(it).notes.length, of(it).notes[0].seq], [0, 100, 202]);
  assert.deepEqual([of(it).before, of(it).more], [202, true]);
});

test("what is trimmed before anything was loaded leaves no hole to what is loaded", () => {
  const it = state();
  for (let seq = 3; seq <= 302; seq++) apply(it, said(seq));
  trim(of(it), 100);
  assert.equal(of(it).messages.length, 100);
  assert.equal(of(it).before, undefined);
  addHistory(it, of(it), { messages: Array.from({ length: 50 }, (_, i) => stored(302 - i)), users: {}, more: true });
  assert.deepEqual(seqs(of(it)), Array.from({ length: 100 }, (_, i) => 203 + i));
});

test("what a newer server tells is no trouble", () => {
  const it = state();
  assert.equal(apply(it, event(3, "message.sung", { melody: "la" })), null);
  assert.equal(apply(it, { stream: "room:1", seq: 1, type: "x", data: {} }), null);
  assert.equal(apply(it, inbox("conversation.sung", { conversation: "c" })), null);
  assert.equal(of(it).applied, 3);
});

test("any order of loading, repeats and losses gives what the log says", () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const random = generator(seed);
  for (let run = 0; run < 200; run++) randomRun(random);
});

/** A log of messages, edits and deletions; a connection that repeats and loses; loads that answer late. */
function randomRun(random) {
  const log = [];
  for (let seq = 1; seq <= 60; seq++) log.push(randomEvent(random, seq, log));
  const now = (upTo) => log.slice(0, upTo).reduce(replay, new Map());
  const page = (upTo) => ({ messages: [...now(upTo).values()].reverse(), users: {}, more: false, before: 1 });
  const it = state({ lastSeq: 0 });
  addHistory(it, of(it), page(0));
  const loads = [];
  const load = (todo) => todo?.load && loads.push({ upTo: null });
  let steps = 0;
  for (let next = 0; next < log.length || loads.length > 0; ) {
    assert.ok(++steps < 10_000, "it goes on loading for ever");
    const dice = random(10);
    if (dice < 6 && next < log.length) {
      if (random(12) > 0 || next === log.length - 1) load(apply(it, log[next]));
      next++;
    } else if (dice < 7 && next > 0) {
      load(apply(it, log[random(next)]));
    } else if (loads.length > 0 && loads[0].upTo === null) {
      loads[0].upTo = next; // the server answers as it is now; the answer arrives later
    } else if (loads.length > 0) {
      const { upTo } = loads.shift();
      const fresh = opened(described({ lastSeq: upTo }));
      addHistory(it, fresh, page(upTo));
      arrived(it, fresh).forEach(load);
    }
  }
  const expected = [...now(log.length).values()].map(({ seq, text, deleted }) => ({ seq, text, deleted }));
  assert.deepEqual(of(it).messages.map(({ seq, text, deleted }) => ({ seq, text, deleted })), expected);
  assert.equal(of(it).applied, log.length);
}

function randomEvent(random, seq, log) {
  const messages = log.filter(({ type }) => type === "message");
  const target = messages.length ? messages[random(messages.length)].seq : 0;
  const dice = random(6);
  if (target && dice === 0) return event(seq, "message.edited", { seq: target, sender: "b", text: `edit ${seq}` });
  if (target && dice === 1) return event(seq, "message.deleted", { seq: target, sender: "b", by: "b" });
  return said(seq);
}

function replay(messages, { seq, type, at: time, data }) {
  if (type === "message") messages.set(seq, stored(seq));
  const message = messages.get(data.seq);
  if (type === "message.edited" && !message.deleted) messages.set(data.seq, { ...message, text: data.text, editedAt: time });
  if (type === "message.deleted") messages.set(data.seq, { ...message, text: "", deleted: true });
  return messages;
}

/** mulberry32. */
function generator(seed) {
  let a = seed;
  return (bound) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % bound;
  };
}

test("a group whose event came before everybody was in it has all its members when it was made", () => {
  const it = state();
  apply(it, inbox("conversation.joined", { conversation: "g", after: 0 }));
  arrived(it, opened(described({ id: "g", kind: "group", title: "G", members: [eve], memberCount: 1, lastSeq: 0 })));
  enter(it, described({ id: "g", kind: "group", title: "G", members: [ben, eve], memberCount: 2, lastSeq: 0 }), at(9));
  assert.equal(it.conversations.get("g").memberCount, 2);
  assert.deepEqual(it.conversations.get("g").members, [ben, eve]);
});

test("an invitation is told, answered, and gone", () => {
  const it = state({ invitation: "sent" });
  assert.deepEqual(apply(it, inbox("invitation", { conversation: "i", by: eve })), { invitedBy: eve });
  it.invitations.set("i", described({ id: "i", invitation: "received" }));
  apply(it, inbox("invitation.declined", { conversation: "i" }));
  assert.equal(it.invitations.size, 0);
  it.invitations.set("i", described({ id: "i", invitation: "received" }));
  apply(it, inbox("conversation.joined", { conversation: "i", after: 0 }));
  assert.equal(it.invitations.size, 0);
  apply(it, inbox("invitation.accepted", { conversation: "c" }));
  assert.equal(of(it).invitation, null);
});
