// Messages that wait: none lost, none out of order, each once.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { CAPACITY, messageId, Outbox } from "../../main/resources/web/js/chat/outbox.js";
import { Problem, unanswered, unreachable } from "../../main/resources/web/js/net/problem.js";

/** What localStorage is, in a Map. */
function storage(full = false) {
  const entries = new Map();
  return {
    get length() {
      return entries.size;
    },
    key: (i) => [...entries.keys()][i] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => {
      if (full) throw new Error("quota exceeded");
      entries.set(key, value);
    },
    removeItem: (key) => entries.delete(key),
  };
}

/** A server that does what `answers` say, and then accepts. */
function server(...answers) {
  const sent = [];
  return {
    sent,
    send: async (message) => {
      sent.push(message.text);
      const answer = answers.shift();
      if (answer) throw answer;
    },
  };
}

const outbox = (send, store = storage()) => new Outbox("a", { storage: store, send, changed: () => {} });
const settled = () => new Promise((resolve) => setImmediate(resolve));
const refusal = (retryAfterMs) => new Problem({ code: "rate_limited", number: 4100, message: "slowly", retryAfterMs });
const tooLarge = () => new Problem({ code: "too_large", number: 4204, message: "too large" });

test("messages are sent one after the other, in order, and then gone", async () => {
  const { sent, send } = server();
  const box = outbox(send);
  for (const text of ["one", "two", "three"]) box.add("c", { text });
  await settled();
  assert.deepEqual(sent, ["one", "two", "three"]);
  assert.deepEqual(box.all(), []);
});

test("without a server they wait, over a reload too, and go in order when it is back", async () => {
  const store = storage();
  const away = outbox(async () => Promise.reject(unreachable()), store);
  for (const text of ["one", "two", "three"]) away.add("c", { text });
  await settled();
  away.close();
  const { sent, send } = server();
  const back = outbox(send, store);
  assert.deepEqual(back.all().map(({ text }) => text), ["one", "two", "three"]);
  await back.flush();
  assert.deepEqual(sent, ["one", "two", "three"]);
  assert.equal(store.length, 0);
});

test("a lost answer means the same message, with the same id, once more", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const ids = [];
  let first = true;
  const box = outbox(async ({ id }) => {
    ids.push(id);
    if (first) {
      first = false;
      throw unanswered();
    }
  });
  box.add("c", { text: "one" });
  await settled();
  mock.timers.tick(1_000);
  await settled();
  mock.timers.reset();
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  assert.deepEqual(box.all(), []);
});

test("what is refused for now is sent when the server said, before those behind it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sent, send } = server(refusal(4_000));
  const box = outbox(send);
  box.add("c", { text: "one" });
  box.add("c", { text: "two" });
  await settled();
  mock.timers.tick(3_999);
  await settled();
  assert.deepEqual(sent, ["one"]);
  mock.timers.tick(1);
  await settled();
  mock.timers.reset();
  assert.deepEqual(sent, ["one", "one", "two"]);
});

test("what is refused for good stays with the reason, and holds up no other", async () => {
  const { sent, send } = server(tooLarge());
  const box = outbox(send);
  box.add("c", { text: "one" });
  box.add("c", { text: "two" });
  await settled();
  assert.deepEqual(box.all().map(({ text, refused }) => [text, refused]), [["one", "too large"]]);
  box.retry(box.all()[0].id);
  await settled();
  assert.deepEqual(sent, ["one", "two", "one"]);
  assert.deepEqual(box.all(), []);
});

test("what an account has used up for the day is told, and holds up no other message", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { sent, send } = server(new Problem({ code: "quota_exceeded", number: 4105, message: "used up", retryAfterMs: 3_600_000 }));
  const box = outbox(send);
  box.add("c", { text: "one" });
  box.add("d", { text: "two" });
  await settled();
  mock.timers.tick(3_600_000);
  await settled();
  mock.timers.reset();
  assert.deepEqual(sent, ["one", "two"]);
  assert.deepEqual(box.all().map(({ text, refused }) => [text, refused]), [["one", "used up"]]);
  box.retry(box.all()[0].id);
  await settled();
  assert.deepEqual(box.all(), []);
});

test("credentials that have run out refuse no message", async () => {
  const { send } = server(new Problem({ code: "token_expired", number: 4207 }));
  const box = outbox(send);
  box.add("c", { text: "one" });
  await settled();
  assert.equal(box.all()[0].refused, undefined);
  box.close();
});

test("a message seen as an event before its answer came is not sent again", async () => {
  const { sent, send } = server(unreachable());
  const box = outbox(send);
  box.add("c", { text: "one" });
  await settled();
  box.remove(box.all()[0].id);
  await box.flush();
  box.close();
  assert.deepEqual(sent, ["one"]);
});

test("tabs see each other's messages, and take them out together", async () => {
  const store = storage();
  const never = () => new Promise(() => {});
  const one = outbox(never, store);
  one.add("c", { text: "one" });
  const other = outbox(never, store);
  const [{ id }] = other.all();
  const key = store.key(0);
  one.remove(id);
  other.changedElsewhere(key, null);
  assert.deepEqual(other.all(), []);
  other.changedElsewhere("tutti.outbox.somebody-else.x", '{"id":"x"}');
  other.changedElsewhere(key, "no json");
  assert.deepEqual(other.all(), []);
  other.close();
});

test("what a tab has left unsent when it was closed is sent by another one", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const store = storage();
  const first = outbox(() => new Promise(() => {}), store);
  const { sent, send } = server();
  const second = outbox(send, store);
  first.add("c", { text: "one" });
  const key = store.key(0);
  second.changedElsewhere(key, store.getItem(key));
  first.close();
  assert.deepEqual(sent, []);
  mock.timers.tick(5_000);
  mock.timers.reset();
  await settled();
  assert.deepEqual(sent, ["one"]);
  assert.deepEqual(second.all(), []);
});

test("a conversation that is gone takes its messages along, and no others", async () => {
  const box = outbox(async () => Promise.reject(unreachable()));
  box.add("c", { text: "one" });
  box.add("d", { text: "two" });
  box.close();
  assert.equal(box.removeAllOf("c"), 1);
  assert.deepEqual(box.all().map(({ text }) => text), ["two"]);
});

test("there is room for so many, also where the browser keeps none", () => {
  const box = outbox(() => new Promise(() => {}), storage(true));
  for (let i = 0; i < CAPACITY; i++) assert.equal(box.add("c", `${i}`), true);
  assert.equal(box.add("c", "one too many"), false);
  assert.equal(box.all().length, CAPACITY);
});

test("ids are what the server takes, and differ", () => {
  const ids = new Set(Array.from({ length: 1_000 }, messageId));
  assert.equal(ids.size, 1_000);
  for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{1,36}$/);
});
