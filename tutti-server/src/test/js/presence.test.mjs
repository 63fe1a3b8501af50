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
