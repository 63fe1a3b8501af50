// What is shown once per frame, and without frames.

import "./fixture/document.mjs";
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { perFrame } from "../../main/resources/web/js/ui/dom.js";

const frames = [];
let runs = 0;
globalThis.requestAnimationFrame = (task) => frames.push(task);
const nextFrame = () => frames.splice(0).forEach((task) => task());
const shown = perFrame(() => runs++);

function hide(hidden) {
  document.hidden = hidden;
  document.dispatchEvent(new Event("visibilitychange"));
}

afterEach(() => {
  hide(false);
  nextFrame();
  mock.timers.reset();
  runs = 0;
});

test("it runs once per frame", () => {
  for (let i = 0; i < 3; i++) shown();
  assert.equal(runs, 0);
  nextFrame();
  assert.equal(runs, 1);
  shown();
  nextFrame();
  assert.equal(runs, 2);
});

test("in a tab behind it runs soon", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  hide(true);
  shown();
  mock.timers.tick(1);
  assert.equal(runs, 1);
});

test("what waits for a frame when the tab goes behind runs then, and what comes later too", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  shown();
  hide(true);
  assert.equal(runs, 1);
  shown();
  mock.timers.tick(1);
  assert.equal(runs, 2);
  hide(false);
  nextFrame();
  assert.equal(runs, 2);
});
