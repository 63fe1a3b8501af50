// History that the page fetches beside the events, and how often it tries when the server cannot answer.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { apply, trim } from "../../main/resources/web/js/chat/chat-state.js";
import { Loading } from "../../main/resources/web/js/chat/loading.js";
import { said, seqs, state, stored } from "./fixture/chat.mjs";

/** A server whose answers are `answers`, one after the other. */
function serving(...answers) {
  const asked = [];
  mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    const { status, body } = answers[Math.min(asked.length, answers.length) - 1];
    return new Response(JSON.stringify(body), { status });
  });
  return asked;
}

const away = { status: 503, body: { error: { code: "unavailable", number: 4101, message: "away" } } };
const page = { status: 200, body: { messages: [stored(2), stored(1)], users: {}, more: false } };

/** A server with the messages up to seq `last`, which answers when it is told to. */
function slowly(last) {
  const waiting = [];
  mock.method(globalThis, "fetch", (path) => new Promise((resolve) => waiting.push(() => {
    const { searchParams } = new URL(path, "http://localhost");
    const end = Number(searchParams.get("before") ?? last + 1) - 1;
    const first = Math.max(1, end - Number(searchParams.get("limit")) + 1);
    const messages = Array.from({ length: end - first + 1 }, (_, i) => stored(end - i));
    resolve(new Response(JSON.stringify({ messages, users: {}, more: first > 1, before: first }), { status: 200 }));
  })));
  return async () => {
    waiting.shift()();
    await settled();
  };
}

/** A conversation of so many that nobody is asked who they are, with what fetches its history. */
function crowd(fields) {
  const it = state({ memberCount: 1_000, ...fields });
  const told = { changes: 0 };
  const loading = new Loading(it, { done: () => {}, changed: () => told.changes++ });
  return { it, conversation: it.conversations.get("c"), loading, told };
}

const from = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

test("history that cannot be had is not asked for again before a while, however often it is wanted", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = serving(away, away, page);
  const it = state();
  const conversation = it.conversations.get("c");
  conversation.members = [];
  conversation.memberCount = 1_000; // nobody is asked who they are
  const wanting = () => loading.more(conversation).catch((problem) => problems.push(problem.code));
  const problems = [];
  let changes = 0;
  const loading = new Loading(it, {
    done: () => {},
    changed: () => {
      changes++;
      wanting(); // as a view does that could show more
    },
  });

  for (let i = 0; i < 10; i++) await wanting();
  assert.equal(asked.length, 1);
  mock.timers.tick(1_000);
  await settled();
  for (let i = 0; i < 10; i++) await wanting();
  assert.equal(asked.length, 2);
  mock.timers.tick(1_999);
  await settled();
  assert.equal(asked.length, 2);
  mock.timers.tick(1);
  await settled();
  assert.equal(asked.length, 3);
  assert.equal(conversation.loaded, true);
  assert.deepEqual(problems, ["unavailable", "unavailable"]);
  assert.equal(changes, 3);
  loading.close();
  mock.timers.reset();
  mock.restoreAll();
});

test("the reason why nothing of a conversation is there ends with the pause after which it is asked for again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  serving(away, page);
  const { conversation, loading, told } = crowd();
  await assert.rejects(loading.more(conversation), { code: "unavailable" });
  assert.equal(conversation.failed, "away");
  mock.timers.tick(1_000);
  assert.equal(told.changes, 1);
  assert.equal(conversation.failed, null);
  await loading.more(conversation);
  assert.deepEqual(seqs(conversation), [1, 2]);
  mock.timers.reset();
  mock.restoreAll();
});

test("a page of history that comes when the messages behind it are forgotten leaves no hole", async () => {
  const answer = slowly(300);
  const { conversation, loading, told } = crowd({ lastSeq: 300 });
  const more = () => loading.more(conversation);
  for (let pages = 0; pages < 4; pages++) {
    const loaded = more();
    await answer();
    await loaded;
  }
  assert.deepEqual(seqs(conversation), from(101, 300));
  const late = more(); // before 101
  trim(conversation, 100);
  const before = told.changes;
  await answer();
  await late;
  assert.deepEqual(seqs(conversation), from(201, 300));
  assert.equal(told.changes, before + 1); // so that a view which looks at it by now asks again
  const again = more();
  await answer();
  await again;
  assert.deepEqual(seqs(conversation), from(151, 300));
  mock.restoreAll();
});

test("a first page that comes when what was said meanwhile is forgotten leaves no hole", async () => {
  const answer = slowly(50);
  const { it, conversation, loading } = crowd({ lastSeq: 50 });
  const late = loading.more(conversation);
  for (let seq = 51; seq <= 250; seq++) apply(it, said(seq));
  trim(conversation, 100);
  await answer();
  await late;
  assert.equal(conversation.loaded, false);
  assert.deepEqual(seqs(conversation), from(151, 250));
  mock.restoreAll();
});
