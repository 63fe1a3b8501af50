// Who is online: asked once for the same people, and again after each new connection.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Presence } from "../../main/resources/web/js/chat/presence.js";

function presence(answer) {
  const asked = [];
  let changes = 0;
  const made = new Presence({
    ask: async (users) => {
      asked.push(users);
      return answer();
    },
    changed: () => changes++,
  });
  return { made, asked, changes: () => changes };
}

test("the same people are asked for once", async () => {
  const { made, asked } = presence(() => ({ online: ["bob"], lastSeen: { eve: "2026-01-01T00:00:00Z" } }));
  await made.watch(["eve", "bob"]);
  await made.watch(["bob", "eve"]);
  assert.deepEqual(asked, [["bob", "eve"]]);
  assert.equal(made.isOnline("bob"), true);
  assert.equal(made.isOnline("eve"), false);
  assert.equal(made.lastSeen("eve"), "2026-01-01T00:00:00Z");
  made.forget();
  await made.watch(["bob", "eve"]);
  assert.equal(asked.length, 2);
});

test("what is heard counts from then on", async () => {
  const { made, changes } = presence(() => ({ online: [], lastSeen: {} }));
  await made.watch(["bob"]);
  made.heard({ user: "bob", online: true });
  assert.equal(made.isOnline("bob"), true);
  made.heard({ user: "bob", online: false, lastSeen: "2026-01-01T00:00:00Z" });
  assert.equal(made.isOnline("bob"), false);
  assert.equal(made.lastSeen("bob"), "2026-01-01T00:00:00Z");
  assert.equal(changes(), 3);
});

test("a question without an answer is asked again", async () => {
  let fails = true;
  const { made, asked } = presence(() => {
    if (fails) throw new Error("no answer");
    return { online: ["bob"], lastSeen: {} };
  });
  await made.watch(["bob"]);
  fails = false;
  await made.watch(["bob"]);
  assert.equal(asked.length, 2);
  assert.equal(made.isOnline("bob"), true);
});

test("no more than 200 are watched", async () => {
  const { made, asked } = presence(() => ({ online: [], lastSeen: {} }));
  await made.watch(Array.from({ length: 300 }, (_, i) => `user-${i}`));
  assert.equal(asked[0].length, 200);
});

test("news that come before the answer are newer than it", async () => {
  let answered;
  const made = new Presence({ ask: () => new Promise((resolve) => (answered = resolve)), changed: () => {} });
  const watching = made.watch(["bob"]);
  made.heard({ user: "bob", online: false, lastSeen: "2026-01-01T00:00:00Z" });
  answered({ online: ["bob"], lastSeen: {} });
  await watching;
  assert.equal(made.isOnline("bob"), false);
  assert.equal(made.lastSeen("bob"), "2026-01-01T00:00:00Z");
});

test("an answer to an earlier question does not count", async () => {
  const answers = [];
  const made = new Presence({ ask: () => new Promise((resolve) => answers.push(resolve)), changed: () => {} });
  const first = made.watch(["bob"]);
  const second = made.watch(["bob", "eve"]);
  answers[1]({ online: ["eve"], lastSeen: {} });
  await second;
  answers[0]({ online: ["bob"], lastSeen: {} });
  await first;
  assert.equal(made.isOnline("bob"), false);
  assert.equal(made.isOnline("eve"), true);
});

test("without a connection nobody is known to be online", async () => {
  const { made } = presence(() => ({ online: ["bob"], lastSeen: {} }));
  await made.watch(["bob"]);
  made.forget();
  assert.equal(made.isOnline("bob"), false);
});

test("what was lost is found out after a while", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  let online = ["bob"];
  const { made, asked } = presence(() => ({ online, lastSeen: {} }));
  await made.watch(["bob"]);
  online = [];
  t.mock.timers.tick(60_000);
  await Promise.resolve();
  await Promise.resolve();
  assert.equal(asked.length, 2);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(made.isOnline("bob"), false);
  made.close();
});
