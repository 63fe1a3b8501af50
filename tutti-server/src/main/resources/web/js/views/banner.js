// Says that the connection is being made again, without flickering: not at all for a moment's break, and long enough to read.

import { h } from "../ui/dom.js";

const AFTER_MS = 500;
const AT_LEAST_MS = 700;
const NOTE_MS = 3_000;
const WORDS = { connecting: "Reconnecting…", "catching-up": "Catching up…", live: "" };

export class Banner {
  element = h("p.banner", { role: "status", testid: "banner", hidden: true });
  #wanted = "";
  #note = "";
  #shownAt = 0;
  #timer = 0;

  show(status) {
    const text = WORDS[status] || this.#note;
    if (text === this.#wanted) return;
    this.#wanted = text;
    clearTimeout(this.#timer);
    const shown = performance.now() - this.#shownAt;
    const after = text && text === this.#note ? 0 : AFTER_MS;
    const wait = this.element.hidden ? after : Math.max(0, AT_LEAST_MS - shown);
    if (this.element.hidden && !text) return;
    this.#timer = setTimeout(() => this.#say(), wait);
  }

  /** Says `text` for a while, once it is connected. */
  note(text) {
    this.#note = text;
  }

  #say() {
    if (this.element.textContent !== this.#wanted || this.element.hidden) this.#shownAt = performance.now();
    this.element.hidden = this.#wanted === "";
    this.element.textContent = this.#wanted;
    const noted = this.#wanted !== "" && this.#wanted === this.#note;
    this.element.classList.toggle("note", noted);
    if (!noted) return;
    this.#timer = setTimeout(() => {
      this.#note = "";
      this.show("live");
    }, NOTE_MS);
  }

  close() {
    clearTimeout(this.#timer);
  }
}
