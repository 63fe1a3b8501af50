// Where one writes: sends with Enter, edits the last message with the arrow up, keeps what was begun.

import { h, icon, iconButton } from "../ui/dom.js";
import { MAX_TEXT, sendable } from "../ui/text.js";

const COUNTED_FROM = MAX_TEXT - 400;
const TOUCH = matchMedia("(hover: none) and (pointer: coarse)");

export class Composer {
  element;
  #actions;
  #id = null;
  #editing = null;
  #text = h("textarea", {
    testid: "composer", rows: 1, placeholder: "Message", "aria-label": "Message", enterkeyhint: "enter",
    onkeydown: (event) => this.#key(event), oninput: () => this.#typed(),
  });
  #send = h("button.send", { type: "submit", testid: "send", "aria-label": "Send", title: "Send" }, icon("send"));
  #count = h("span.count", { hidden: true, "aria-live": "polite" });
  #bar = h("div.editing", { testid: "editing", hidden: true }, icon("pencil"), h("span", {}, "Editing a message"),
    iconButton("close", "Stop editing", { testid: "stop-editing", onclick: () => this.stopEditing() }));

  /** actions: send(text) -> whether it was taken, change(message, text) -> promise, typed(), editLast(), leave() */
  constructor(actions) {
    this.#actions = actions;
    this.element = h("form.composer", { testid: "composer-form", onsubmit: (event) => this.#submit(event) },
      this.#bar, h("div.composer-row", {}, this.#text, this.#count, this.#send));
  }

  /** Turns to a conversation, with what was begun there. */
  open(id) {
    this.#id = id;
    this.#editing = null;
    this.#bar.hidden = true;
    this.#put(sessionStorage.getItem(draftKey(id)) ?? "");
  }

  focus() {
    this.#text.focus();
  }

  edit(message) {
    this.#editing = message;
    this.#bar.hidden = false;
    this.#put(message.text);
    this.#text.focus();
    this.#text.setSelectionRange(message.text.length, message.text.length);
  }

  stopEditing() {
    if (!this.#editing) return;
    this.open(this.#id);
    this.#text.focus();
  }

  /** The message that is being edited was deleted. */
  deleted(seq) {
    if (this.#editing?.seq === seq) this.stopEditing();
  }

  #put(text) {
    this.#text.value = text;
    this.#fit();
  }

  #fit() {
    const text = sendable(this.#text.value);
    const { length } = text;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
    this.#count.hidden = length < COUNTED_FROM;
    this.#count.textContent = length > MAX_TEXT ? `${length - MAX_TEXT} too many` : String(MAX_TEXT - length);
    this.#count.classList.toggle("over", length > MAX_TEXT);
    this.#text.setAttribute("aria-invalid", String(length > MAX_TEXT));
    this.#send.disabled = length === 0 || length > MAX_TEXT;
  }

  #typed() {
    this.#fit();
    if (this.#editing) return;
    if (this.#text.value) {
      sessionStorage.setItem(draftKey(this.#id), this.#text.value);
      this.#actions.typed();
    } else {
      sessionStorage.removeItem(draftKey(this.#id));
    }
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && (!TOUCH.matches || event.ctrlKey || event.metaKey)) {
      this.#submit(event);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.#editing) this.stopEditing();
      else this.#actions.leave();
    } else if (event.key === "ArrowUp" && this.#text.value === "" && this.#actions.editLast()) {
      event.preventDefault();
    }
  }

  async #submit(event) {
    event.preventDefault();
    const text = sendable(this.#text.value);
    if (!text || text.length > MAX_TEXT) return; // what is too long stays as it is: nothing is cut
    if (this.#editing) {
      await this.#change(this.#editing, text);
    } else if (this.#actions.send(text)) {
      sessionStorage.removeItem(draftKey(this.#id));
      this.#put("");
    }
    this.#text.focus();
  }

  /** What could not be changed stays here to be tried again. */
  async #change(message, text) {
    if (text !== message.text) {
      this.#send.disabled = true;
      const done = await this.#actions.change(message, text);
      this.#send.disabled = false;
      if (!done) return;
    }
    if (this.#editing === message) this.stopEditing();
  }
}

const draftKey = (id) => `tutti.draft.${id}`;
