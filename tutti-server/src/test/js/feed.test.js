// What events do to the page's state. Run with: node --test tutti-server/src/test/js/

import assert from "node:assert/strict";
import { test } from "node:test";
import { addHistory, apply, insert, markRead, ordered, receipt, ResumeToken, stateOf, titleOf } from "../../main/resources/web/js/feed.js";

const ada = { id: "a", name: "ada", displayName: "Ada" };
const ben = { id: "b", name: "ben", displayName: "Ben" };

function state() {
  return stateOf({
    me: ada,
    users: { b: ben },
    conversations: [{ id: "c", kind: "direct", title: null, open: false, memberCount: 2, members: [ada, ben], lastSeq: 2, lastMessage: null, unread: 0, readSeq: 0, joinedSeq: 0 }],
  });
}

const said = (seq, sender = "b", id = `m${seq}`) => ({
  stream: "conversation:c", seq, type: "message", at: `2026-01-01T00:00:0${seq % 10}Z`, key: `${sender}.${id}`, data: { sender, text: `text ${seq}` },
});

const conversation = (it) => it.conversations.get("c");

test("a repeated event counts once", () => {
  const it = state();
  apply(it, said(3));
  apply(it, said(3));
  apply(it, said(2));
  assert.deepEqual(conversation(it).messages.map(({ seq }) => seq), [3]);
  assert.equal(conversation(it).unread, 1);
});

test("a hole is not passed over", () => {
  const it = state();
  assert.deepEqual(apply(it, said(5)), { load: "c" });
  assert.equal(conversation(it).applied, 2);
});

test("one's own message is read and carries one's own id", () => {
  const it = state();
  const { message } = apply(it, said(3, "a", "x-1"));
  assert.equal(message.id, "x-1");
  assert.equal(conversation(it).unread, 0);
  assert.equal(conversation(it).readSeq, 3);
});

test("history and news meet without a repeat, in order, whichever comes first", () => {
  const it = state();
  for (const seq of [3, 4, 5]) apply(it, said(seq));
  const page = [5, 4, 1].map((seq) => ({ seq, id: `m${seq}`, sender: "b", text: "", at: "2026-01-01T00:00:00Z", editedAt: null, deleted: false }));
  addHistory(it, conversation(it), { messages: page, users: {}, more: true });
  apply(it, said(6));
  assert.deepEqual(conversation(it).messages.map(({ seq }) => seq), [1, 3, 4, 5, 6]);
});

test("edits and deletions change what is there and in the list", () => {
  const it = state();
  apply(it, said(3));
  apply(it, { ...said(4), type: "message.edited", data: { seq: 3, sender: "b", text: "better" } });
  assert.equal(conversation(it).messages[0].text, "better");
  apply(it, { ...said(5), type: "message.deleted", data: { seq: 3, sender: "b" } });
  assert.equal(conversation(it).messages[0].deleted, true);
  assert.equal(conversation(it).lastMessage.deleted, true);
});

test("reading only moves forward, and clears the count", () => {
  const it = state();
  apply(it, said(3));
  apply(it, said(4));
  markRead(it, conversation(it), "a", 4);
  markRead(it, conversation(it), "a", 3);
  assert.equal(conversation(it).readSeq, 4);
  assert.equal(conversation(it).unread, 0);
});

test("a receipt shows at the newest message of one's own that was read", () => {
  const it = state();
  apply(it, said(3, "a"));
  apply(it, said(4, "a"));
  apply(it, { ...said(5), type: "read", data: { user: "b", seq: 3 } });
  assert.deepEqual(receipt(it, conversation(it)), { seq: 3, count: 1 });
});

test("joining, leaving and being taken out are told", () => {
  const it = state();
  assert.deepEqual(apply(it, { stream: "user:a", seq: 1, type: "conversation.joined", data: { conversation: "n", after: 0 } }), { load: "n" });
  apply(it, { ...said(3), type: "member.joined", data: { user: { id: "d", name: "dan", displayName: "Dan" }, by: "b" } });
  assert.equal(conversation(it).memberCount, 3);
  assert.deepEqual(apply(it, { ...said(4), type: "member.left", data: { user: "a", by: "b" } }), { left: "c" });
});

test("a direct conversation is called by the other's name, and the latest comes first", () => {
  const it = state();
  it.conversations.set("d", { ...conversation(it), id: "d", lastMessage: { at: "2026-01-02T00:00:00Z" } });
  assert.equal(titleOf(it, conversation(it)), "Ben");
  assert.deepEqual(ordered(it).map(({ id }) => id), ["d", "c"]);
});

test("insert keeps order and drops what is there", () => {
  const it = { messages: [{ seq: 2 }, { seq: 5 }] };
  for (const seq of [5, 3, 9, 1, 2]) insert(it, { seq });
  assert.deepEqual(it.messages.map(({ seq }) => seq), [1, 2, 3, 5, 9]);
});

test("the resume token keeps the marks since the position before", () => {
  const token = new ResumeToken("p0");
  token.event({ stream: "room:a", seq: 1 });
  assert.equal(String(token), "p0~room:a@1");
  token.position("p1");
  assert.equal(String(token), "p1~room:a@1");
  token.event({ stream: "room:b", seq: 7 });
  token.position("p2");
  assert.equal(String(token), "p2~room:b@7");
});
