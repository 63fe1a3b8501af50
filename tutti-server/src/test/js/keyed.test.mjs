// Lists that follow descriptions: nothing is touched that stays where it is, and the focus goes with what has it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Keyed } from "../../main/resources/web/js/ui/keyed.js";

/** As much of an element as a list needs. */
class Item {
  dataset = {};
  parent = null;

  constructor(text) {
    this.text = text;
  }

  contains(other) {
    return other === this;
  }

  get nextElementSibling() {
    const { children } = this.parent;
    return children[children.indexOf(this) + 1] ?? null;
  }

  remove() {
    this.#leave();
    this.parent = null;
  }

  replaceWith(other) {
    const { children } = this.parent;
    children[children.indexOf(this)] = other;
    other.parent = this.parent;
    this.parent = null;
    if (document.activeElement === this) document.activeElement = null;
  }

  /** Puts it before `place`, as a browser does: what is moved loses the focus. */
  enter(parent, place) {
    if (this.parent) this.#leave();
    this.parent = parent;
    parent.children.splice(place ? parent.children.indexOf(place) : parent.children.length, 0, this);
  }

  #leave() {
    const { children } = this.parent;
    children.splice(children.indexOf(this), 1);
    if (document.activeElement === this) document.activeElement = null;
  }

  focus() {
    document.activeElement = this;
  }
}

let list;
let keyed;
const show = (...texts) => keyed.show(texts.map((text) => ({ key: text[0], signature: text, build: () => new Item(text) })));
const shown = () => list.children.map(({ text }) => text);

beforeEach(() => {
  globalThis.document = { activeElement: null };
  list = {
    children: [],
    inserted: 0,
    get firstElementChild() {
      return this.children[0] ?? null;
    },
    insertBefore(item, place) {
      this.inserted++;
      item.enter(this, place);
    },
  };
  keyed = new Keyed(list);
});

test("what goes away at the start leaves the others where they are", () => {
  show("a", "b", "c", "d");
  list.inserted = 0;
  show("c", "d", "e");
  assert.deepEqual(shown(), ["c", "d", "e"]);
  assert.equal(list.inserted, 1);
});

test("the focus goes with what is moved, and to what takes its place", () => {
  show("a", "b", "c");
  keyed.element("c").focus();
  show("c2", "a", "b");
  assert.deepEqual(shown(), ["c2", "a", "b"]);
  assert.equal(document.activeElement, keyed.element("c"));
  show("a", "b");
  assert.equal(document.activeElement, null);
});

test("whatever came before, what is described is shown, in order", () => {
  let seed = Number(process.env.SEED ?? (Date.now() % 1_000_000) + 1);
  console.log(`seed ${seed}`);
  const random = () => (seed = (seed * 48_271) % 0x7fffffff) / 0x7fffffff;
  for (let run = 0; run < 300; run++) {
    const wanted = [];
    for (const key of "abcdef") {
      const place = Math.floor(random() * (wanted.length + 1));
      if (random() < 0.6) wanted.splice(place, 0, key + Math.floor(random() * 2));
    }
    const before = shown();
    show(...wanted);
    assert.deepEqual(shown(), wanted, `after ${before}`);
  }
});
