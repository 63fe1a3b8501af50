// The chat as a whole, with the page's own Socket.IO client: when it sends what waits, and what it does about a gap.

import { server, until } from "./fixture/browser.mjs";
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Chat } from "../../main/resources/web/js/chat/chat.js";
import { ada, ben, described, eve, inbox, said, seqs, stored } from "./fixture/chat.mjs";

const overview = (token, conversations = [described()]) =>
  ({ me: ada, token, users: { b: ben }, conversations, invitations: [], fileBytes: 0 });
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};
let chat;

function begin(conversations) {
  const told = Object.fromEntries(["changed", "status", "moved", "said", "left", "invited", "ended"].map((name) => [name, () => {}]));
  chat = new Chat(overview("T", conversations), { renew: async () => {}, signOut: async () => {}, close: () => {} }, told);
}

/** As far as that the server has answered `follow`. */
async function following(conversations) {
  begin(conversations);
  await until(() => server.of("follow").length === 1);
  await settled();
}

beforeEach(() => {
  server.heard = [];
  server.answers = { "presence:watch": () => ({ ok: true, online: [], lastSeen: {} }) };
});

afterEach(async () => {
  chat.forget();
  chat.close();
  mock.restoreAll();
  await settled();
});

test("a message that is refused for now is sent when the server said, however many positions come meanwhile", async () => {
  server.answers["message:send"] = () => ({ error: { code: "rate_limited", number: 4100, message: "slowly", retryAfterMs: 60_000 } });
  await following();
  server.tell("position", "p1");
  await until(() => chat.status === "live");
  chat.send("c", { text: "one" });
  await settled();
  for (const position of ["p2", "p3", "p4"]) {
    server.tell("position", position);
    await settled();
  }
  assert.equal(server.of("message:send").length, 1);
});

test("what waits since before the page was loaded is sent when the page is live", async () => {
  const waiting = { id: "w", conversation: "c", text: "from before", at: "2026-01-01T12:00:00.000Z", order: 1 };
  localStorage.setItem("tutti.outbox.a.w", JSON.stringify(waiting));
  server.answers["message:send"] = () => ({ ok: true, seq: 3, at: waiting.at });
  await following();
  assert.deepEqual(server.of("message:send"), []);
  server.tell("position", "p1");
  await until(() => chat.unsent() === 0);
  assert.deepEqual(server.of("message:send").map(({ text }) => text), ["from before"]);
});

test("what one has begun to write is dropped when one signs out", async () => {
  await following();
  chat.drafts.put("c", "do not tell Ben");

  await chat.signOut();

  assert.equal(chat.drafts.of("c"), "");
  assert.equal(sessionStorage.length, 0);
});

test("a gap in the inbox may hide anything: all is loaded anew, and followed from there", async () => {
  const asked = [];
  const group = described({ id: "g", kind: "group", title: "Missed", members: [ada, eve] });
  mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    return new Response(JSON.stringify(overview("U", [described(), group])), { status: 200 });
  });
  await following();
  server.tell("position", "p1");
  await until(() => chat.status === "live");
  assert.deepEqual([...chat.state.conversations.keys()], ["c"]);

  server.tell("gap", { stream: "user:a", after: 1, resume: 9, reason: "expired" });
  await until(() => server.of("follow").length === 2);

  assert.deepEqual(asked, ["/api/chat"]);
  assert.deepEqual(server.of("follow")[1], { token: "U" });
  assert.deepEqual([...chat.state.conversations.keys()], ["c", "g"]);
  assert.equal(chat.status, "catching-up");
  server.tell("event", { ...inbox("conversation.joined", { conversation: "g", after: 0 }, 9) });
  server.tell("position", "p2");
  await settled();
  assert.equal(chat.status, "live");
  assert.deepEqual(asked, ["/api/chat"]); // what the gap hid is in the list already
});

test("a gap in a conversation loads that one alone", async () => {
  const asked = [];
  mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    return new Response(JSON.stringify(described({ lastSeq: 9, unread: 4 })), { status: 200 });
  });
  await following();
  server.tell("gap", { stream: "conversation:c", after: 2, resume: 9, reason: "expired" });
  await until(() => chat.state.conversations.get("c").applied === 9);
  assert.deepEqual(asked, ["/api/conversations/c"]);
  assert.equal(chat.state.conversations.get("c").unread, 4);
});

test("a conversation that one watches is bounded, unless one has gone up in it, and history brings the rest again", async () => {
  const asked = [];
  mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    const messages = asked.length === 1 ? [stored(2), stored(1)] : [];
    return new Response(JSON.stringify({ messages, users: {}, more: false, members: [] }), { status: 200 });
  });
  await following();
  server.tell("position", "p1");
  await until(() => chat.status === "live");
  const conversation = chat.state.conversations.get("c");
  let follows = false;
  chat.enterView("c", () => follows);
  await chat.more(conversation);

  for (let seq = 3; seq <= 1_500; seq++) server.tell("event", said(seq));
  await settled();
  assert.equal(conversation.messages.length, 1_500); // nothing goes away while one reads it
  follows = true;
  server.tell("event", said(1_501));
  await settled();
  assert.deepEqual([seqs(conversation)[0], conversation.messages.length], [1_002, 500]);
  for (let seq = 1_502; seq <= 4_000; seq++) {
    server.tell("event", said(seq));
    if (seq % 250 > 0) continue;
    await settled();
    assert.ok(conversation.messages.length <= 1_000);
  }
  assert.equal(conversation.messages.at(-1).seq, 4_000);

  const [first] = seqs(conversation);
  await chat.more(conversation);
  assert.equal(asked.at(-1), `/api/conversations/c/messages?before=${first}&limit=50`);
});

test("with more people than are watched, the one whose conversation is open is", async () => {
  const talks = Array.from({ length: 201 }, (_, i) =>
    described({ id: `c${i}`, members: [ada, { ...ben, id: `u${i}` }], lastMessage: stored(i) }));
  server.answers["presence:watch"] = ({ users }) => ({ ok: true, online: users, lastSeen: {} });
  await following(talks);
  server.tell("position", "p1");
  await until(() => chat.isOnline("u1"));
  assert.equal(chat.isOnline("u0"), false); // the one with the oldest message

  chat.enterView("c0", () => true);

  await until(() => chat.isOnline("u0"));
  assert.equal(chat.isOnline("u1"), false);
  assert.deepEqual(server.of("presence:watch").map(({ users }) => users.length), [200, 200]);
});
