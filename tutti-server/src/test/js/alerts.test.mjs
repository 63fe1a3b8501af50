// Sounds and notifications of messages: as one has chosen, in whichever tab, and not of what one looks at.

import { storage } from "./fixture/browser.mjs";
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Alerts } from "../../main/resources/web/js/chat/alerts.js";
import { Looking } from "../../main/resources/web/js/chat/looking.js";

const what = { title: "Ben", text: "Hello", tag: "t" };
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};
let preferences; // what the server keeps
let listeners; // of other tabs' changes to the browser's store
let tones; // how many were played

globalThis.AudioContext = class {
  currentTime = 0;
  resume() {}
  close() {}
  createGain() {
    return { connect() {}, gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} } };
  }
  createOscillator() {
    return { frequency: {}, connect() {}, stop() {}, start: () => tones++ };
  }
};

beforeEach(() => {
  preferences = {};
  listeners = [];
  tones = 0;
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  mock.method(globalThis, "addEventListener", (name, listener) => listeners.push(listener));
  mock.method(globalThis, "fetch", async (path, { method, body }) => {
    for (const [name, value] of Object.entries(method === "PATCH" ? JSON.parse(body).preferences : {})) {
      if (value === null) delete preferences[name];
      else preferences[name] = value;
    }
    return new Response(JSON.stringify({ preferences }), { status: 200 });
  });
  globalThis.localStorage = storage();
});

afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("a sound is played if that was chosen, at most once a second", async () => {
  const alerts = new Alerts();
  await alerts.load();
  alerts.tell(what);
  assert.equal(tones, 0);
  await alerts.chooseSound(true);
  assert.equal(tones, 2); // how it sounds
  alerts.tell(what);
  alerts.tell(what);
  assert.equal(tones, 4);
  mock.timers.tick(1_000);
  alerts.tell(what);
  assert.equal(tones, 6);
  await alerts.chooseSound(false);
  mock.timers.tick(1_000);
  alerts.tell(what);
  assert.equal(tones, 6);
});

test("what was switched off in another tab is silent here too", async () => {
  const here = new Alerts();
  const there = new Alerts();
  await here.chooseSound(true);
  await there.load();
  await there.chooseSound(false);
  for (const listener of listeners) listener({ key: "tutti.alerts", newValue: localStorage.getItem("tutti.alerts") });
  await settled();
  here.tell(what);
  assert.equal(tones, 2); // of the choice itself
});

test("a conversation that one looks at in another tab is looked at, until one leaves it there", async () => {
  locks();
  const here = new Looking();
  const there = new Looking();
  there.at("c");
  await settled();
  assert.equal(await here.anywhere("c"), true);
  assert.equal(await here.anywhere("d"), false);
  there.at("d");
  await settled();
  assert.equal(await here.anywhere("c"), false);
  assert.equal(await here.anywhere("d"), true);
  there.at(null);
  await settled();
  assert.equal(await here.anywhere("d"), false);
});

test("without locks each tab knows of itself alone", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  const here = new Looking();
  here.at("c");
  assert.equal(await here.anywhere("c"), true);
  assert.equal(await new Looking().anywhere("c"), false);
});

/** The browser's locks, as far as several may have one. */
function locks() {
  const held = new Set();
  const request = async (name, options, task) => {
    const lock = { name };
    held.add(lock);
    await task(lock);
    held.delete(lock);
  };
  Object.defineProperty(globalThis, "navigator", {
    value: { locks: { request, query: async () => ({ held: [...held] }) } }, configurable: true,
  });
}
