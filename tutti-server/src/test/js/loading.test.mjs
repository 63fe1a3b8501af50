// History that the page fetches beside the feed, and how often it tries when the server cannot answer.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Loading } from "../../main/resources/web/js/chat/loading.js";
import { state, stored } from "./fixture/chat.mjs";

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
