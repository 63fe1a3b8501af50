// A text that was begun is found again by the one who began it, and by nobody else.

import { storage } from "./fixture/browser.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts } from "../../main/resources/web/js/chat/drafts.js";

test("what was begun in a conversation is there after a reload", () => {
  const kept = storage();
  new Drafts("a", kept).put("c", "Dear Ben");

  const drafts = new Drafts("a", kept);

  assert.equal(drafts.of("c"), "Dear Ben");
  assert.equal(drafts.of("d"), "");
  drafts.remove("c");
  assert.equal(drafts.of("c"), "");
});

test("the next person in the same tab finds nothing in the same conversation, and leaves nothing of the one before", () => {
  const kept = storage();
  new Drafts("a", kept).put("c", "do not tell Ben");
  kept.setItem("tutti.draft.c", "under the key of a version before");
  kept.setItem("another", "stays");

  assert.equal(new Drafts("b", kept).of("c"), "");

  assert.equal(kept.length, 1);
  assert.equal(kept.getItem("another"), "stays");
});

test("all are dropped together, and a store that is full keeps nobody from writing", () => {
  const kept = storage();
  const drafts = new Drafts("a", kept);
  drafts.put("c", "one");
  drafts.put("d", "two");
  drafts.clear();
  assert.equal(kept.length, 0);

  kept.setItem = () => {
    throw new Error("full");
  };
  drafts.put("c", "three");
  assert.equal(drafts.of("c"), "");
});
