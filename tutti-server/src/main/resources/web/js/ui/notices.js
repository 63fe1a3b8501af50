// Short words to the user of the page: a toast for the eyes, and an announcement for the ears.

import { h } from "./dom.js";

const TOAST_MS = 6_000;

export class Notices {
  element;
  #toast = h("p.toast", { role: "alert", testid: "toast", hidden: true });
  #polite = h("p.unseen", { "aria-live": "polite", testid: "announcer" });
  #timer = 0;

  constructor() {
    this.element = h("div.notices", {}, this.#toast, this.#polite);
  }

  /** Shows what went wrong, for a while. */
  tell(message) {
    clearTimeout(this.#timer);
    this.#toast.textContent = message;
    this.#toast.hidden = false;
    // a modal dialog covers the page: the toast goes on top of it, and stays when it closes
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    (dialog ?? this.element).append(this.#toast);
    dialog?.addEventListener("close", () => dialog.contains(this.#toast) && this.element.append(this.#toast), { once: true });
    this.#timer = setTimeout(() => {
      this.#toast.hidden = true;
      this.element.append(this.#toast);
    }, TOAST_MS);
  }

  /** Says it to screen readers. */
  announce(message) {
    this.#polite.textContent = message;
  }

  close() {
    clearTimeout(this.#timer);
  }
}
