// What one writes into: which keys send it, and in which direction it goes.

import { byTestid } from "./fixture/document.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Composer } from "../../main/resources/web/js/views/composer.js";
import { Search } from "../../main/resources/web/js/views/search.js";

const drafts = { of: () => "", put: () => {}, remove: () => {} };
const ENTER = { key: "Enter", keyCode: 13, isComposing: false, shiftKey: false };
/** What browsers tell of the Enter that ends a conversion: Safari after the end of it. */
const CONVERSIONS = [{ ...ENTER, keyCode: 229, isComposing: true }, { ...ENTER, keyCode: 229 }];

test("the Enter that ends a conversion of an input method sends nothing, the next one does", () => {
  const sent = [];
  const composer = new Composer(drafts, { send: ({ text }) => sent.push(text), typed: () => {} });
  composer.open("c", 0);
  const field = byTestid(composer.element, "composer");
  field.value = "日本";
  for (const enter of CONVERSIONS) field.tell("keydown", enter);
  assert.deepEqual(sent, []);
  field.tell("keydown", ENTER);
  assert.deepEqual(sent, ["日本"]);
});

test("nor does it choose what was found", async () => {
  const asked = [];
  const search = new Search((query) => asked.push(query) && [], { label: "Find", testid: "find", nothing: () => "Nothing" });
  search.input.value = "日本";
  for (const enter of CONVERSIONS) search.input.tell("keydown", enter);
  assert.deepEqual(asked, []);
  await search.input.tell("keydown", ENTER);
  assert.deepEqual(asked, ["日本"]);
});

test("a text goes in the direction of its script while it is written, as when it is sent", () => {
  assert.equal(byTestid(new Composer(drafts, {}).element, "composer").attributes.dir, "auto");
});
