// Text, times, names and numbers as the page shows them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addHistory, apply, markRead } from "../../main/resources/web/js/chat/chat-state.js";
import { mayDelete, ordered, receiptOf, titleOf, unreadInAll, unreadLabel } from "../../main/resources/web/js/chat/questions.js";
import { renewAfterMs } from "../../main/resources/web/js/net/session.js";
import { parts, sendable } from "../../main/resources/web/js/ui/text.js";
import { briefly, dayKey, dayName } from "../../main/resources/web/js/ui/time.js";
import { exportedWords } from "../../main/resources/web/js/views/settings/account.js";
import { at, described, event, said, state, stored } from "./fixture/chat.mjs";

const links = (text) => parts(text).filter(({ href }) => href).map(({ text: shown }) => shown);

test("links end where the sentence goes on", () => {
  assert.deepEqual(links("See https://a.example/b?c=d#e, or (http://x.example)."), ["https://a.example/b?c=d#e", "http://x.example"]);
  assert.deepEqual(links("https://en.example/wiki/A_(b)!"), ["https://en.example/wiki/A_(b)"]);
  assert.deepEqual(links("<https://a.example/>"), ["https://a.example/"]);
});

/** Going over the link again for each character that is cut, this would not end. */
test("a link that ends in nothing but punctuation takes a step for each character", () => {
  const opened = `http://a/${"(".repeat(100_000)}${")".repeat(100_000)}`;
  for (const [link, rest] of [
    ["http://a", ".".repeat(200_000) + ")".repeat(100_000)],
    ["http://a", ".)]}".repeat(100_000)],
    [opened, ")!".repeat(100_000)],
  ]) {
    assert.deepEqual(parts(link + rest).map(({ text }) => text), [link, rest]);
  }
});

test("only addresses of the web are links", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "https://", "http://:80", "xhttps://a.example", "ftp://a.example"]) {
    assert.deepEqual(links(text), [], text);
  }
});

test("whatever the text is, its parts are the text", () => {
  for (const text of ["", "plain", "https://a.example", "a https://a.example/,, b https:// c", "<b>https://a.example</b>\n\n)("]) {
    assert.equal(parts(text).map((part) => part.text).join(""), text);
  }
});

test("what cannot be stored is not sent", () => {
  assert.equal(sendable("  a\r\nb\u0000\u0007\tc\u009f \n"), "a\nb\tc");
  assert.equal(sendable("half \ud83c"), "half \ufffd");
  assert.equal(sendable(" \n\u0000 "), "");
});

test("credentials are renewed before they run out, never in a busy loop", () => {
  const now = Date.parse(at(0));
  assert.equal(renewAfterMs(at(30), now), 20_000);
  assert.equal(renewAfterMs(at(1), now), 2_000);
  assert.equal(renewAfterMs(at(0), now + 3_600_000), 300_000);
  assert.equal(renewAfterMs("never", now), 300_000);
  assert.ok(renewAfterMs(new Date(now + 1e12).toISOString(), now) < 2 ** 31);
});

test("days are named as people name them", () => {
  const noon = new Date(2026, 2, 10, 12).getTime();
  const daysBefore = (days) => new Date(2026, 2, 10 - days, 23, 59).toISOString();
  assert.equal(dayName(daysBefore(0), noon), "Today");
  assert.equal(dayName(daysBefore(1), noon), "Yesterday");
  assert.match(dayName(daysBefore(3), noon), /^\p{L}+$/u);
  assert.match(dayName(daysBefore(30), noon), /2026/);
  assert.notEqual(briefly(daysBefore(0), noon), briefly(daysBefore(3), noon));
  assert.equal(dayKey(daysBefore(0)), dayKey(new Date(noon).toISOString()));
});

test("a receipt tells of the last message, if it is one's own", () => {
  const it = state({ kind: "group", title: "T", lastSeq: 0 });
  const conversation = it.conversations.get("c");
  addHistory(it, conversation, { messages: [], users: {}, more: false });
  apply(it, said(1, "a"));
  assert.equal(receiptOf(it, conversation), "");
  markRead(it, conversation, "b", 1);
  markRead(it, conversation, "e", 1);
  assert.equal(receiptOf(it, conversation), "Read by 2");
  conversation.kind = "direct";
  assert.equal(receiptOf(it, conversation), "Read");
  apply(it, said(2, "b"));
  assert.equal(receiptOf(it, conversation), "");
});

test("the conversation with the latest message comes first, a new one by when it began", () => {
  const it = state({ lastMessage: stored(2) });
  it.conversations.set("d", { ...described({ id: "d" }), since: at(9) });
  it.conversations.set("e", { ...described({ id: "e" }), since: "" });
  assert.deepEqual(ordered(it).map(({ id }) => id), ["d", "c", "e"]);
});

test("a direct conversation is called as the other one, a group by its title", () => {
  const it = state();
  assert.equal(titleOf(it, it.conversations.get("c")), "Ben");
  assert.equal(titleOf(it, described({ kind: "group", title: "Quartet" })), "Quartet");
});

test("unread counts are added up, and end at a hundred", () => {
  const it = state({ unread: 60 });
  it.conversations.set("d", described({ id: "d", unread: 60 }));
  assert.equal(unreadLabel(unreadInAll(it)), "99+");
  assert.equal(unreadLabel(7), "7");
});

test("one deletes one's own messages, the owner any", () => {
  const it = state();
  const conversation = it.conversations.get("c");
  assert.equal(mayDelete(it, conversation, stored(1, { sender: "a" })), true);
  assert.equal(mayDelete(it, conversation, stored(1)), false);
  assert.equal(mayDelete(it, { ...conversation, role: "owner" }, stored(1)), true);
  assert.equal(mayDelete(it, { ...conversation, role: "owner" }, stored(1, { deleted: true })), false);
  apply(it, event(3, "member.left", { user: "b", by: "b", owner: "a" }));
  assert.equal(conversation.role, "owner");
});

test("a download that lacks messages says so", () => {
  assert.equal(exportedWords({ chat: { conversations: [], complete: true } }), "Your download has begun.");
  assert.match(exportedWords({ chat: { conversations: [], complete: false } }), /lacks some of your messages/);
});
