// What is shown of messages that were found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt, wordsOf } from "../../main/resources/web/js/ui/excerpt.js";

const marked = (text, query) => excerpt(text, wordsOf(query)).map((piece) => (piece.found ? `[${piece.text}]` : piece.text)).join("");

test("words are marked where they begin, those that must not be there are not", () => {
  assert.deepEqual(wordsOf('boat -red "at noon" or grüße'), ["boat", "at", "noon", "grüße"]);
  assert.equal(marked("The Boats float: boat", "boat -float"), "The [Boat]s float: [boat]");
  assert.equal(marked("Grüße aus Ulm", "grüße"), "[Grüße] aus Ulm");
});

test("of a long text the part with the first word is shown", () => {
  const text = `${"word ".repeat(100)}needle ${"word ".repeat(100)}`;
  assert.match(marked(text, "needle"), /^….*\[needle\]/);
  assert.ok(marked(text, "needle").length < 200);
  assert.ok(marked(text, "").length <= 160);
});
