// Says that the connection is being made again, without flickering: not at all for a moment's break, and long enough to read.

import { h } from "../ui/dom.js";

const AFTER_MS = 500;
const AT_LEAST_MS = 700;
const WORDS = { connecting: "Reconnecting…", "catching-up": "Catching up…", live: "" };

export class Banner {
  element = h("p.banner", { role: "status", testid: "banner", hidden: true });
  #wanted = "";
  #shownAt = 0;
  #timer = 0;

  show(status) {
    const text = WORDS[status];
    if (text === this.#wanted) return;
    this.#wanted = text;
    clearTimeout(this.#timer);
    const shown = performance.now() - this.#shownAt;
    const wait = this.element.hidden ? AFTER_MS : Math.max(0, AT_LEAST_MS - shown);
    if (this.element.hidden && !text) return;
    this.#timer = setTimeout(() => this.#say(), wait);
  }

  #say() {
    if (this.element.textContent !== this.#wanted || this.element.hidden) this.#shownAt = performance.now();
    this.element.hidden = this.#wanted === "";
    this.element.textContent = this.#wanted;
  }

  close() {
    clearTimeout(this.#timer);
  }
}
