// Where one writes: sends with Enter, edits the last message with the arrow up, keeps what was begun.

import { lineOf } from "../chat/questions.js";
import { composes, h, icon, iconButton } from "../ui/dom.js";
import { MAX_TEXT, sendable } from "../ui/text.js";
import { Tray } from "./tray.js";

const COUNTED_FROM = MAX_TEXT - 400;
const TOUCH = matchMedia("(hover: none) and (pointer: coarse)");

export class Composer {
  element;
  #actions;
  #drafts;
  #id = null;
  #fileBytes = 0; // of the largest file that may be attached; 0: none may
  #editing = null;
  #replying = null;
  #text = h("textarea", {
    testid: "composer", rows: 1, placeholder: "Message", "aria-label": "Message", dir: "auto", enterkeyhint: "enter",
    onkeydown: (event) => this.#key(event), oninput: () => this.#typed(), onpaste: (event) => this.#paste(event),
  });
  #send = h("button.send", { type: "submit", testid: "send", "aria-label": "Send", title: "Send" }, icon("send"));
  #tray = new Tray({ changed: () => this.#fit(), failed: (message) => this.#actions.failed(message), leftOut: () => this.#text.focus() });
  #picker = h("input", { type: "file", multiple: true, hidden: true, testid: "file", onchange: () => {
    this.attach([...this.#picker.files]);
    this.#picker.value = "";
  } });
  #attach = iconButton("attach", "Attach files", { testid: "attach", hidden: true, onclick: () => this.#picker.click() });
  #count = h("span.count", { hidden: true, "aria-live": "polite" });
  #bar = h("div.editing", { testid: "editing", hidden: true });

  /** `drafts` keeps what was begun. actions: send({text, attachments, replyTo}) -> whether it was taken, failed(message), change(message, text) -> promise, typed(), editLast(), leave() */
  constructor(drafts, actions) {
    this.#drafts = drafts;
    this.#actions = actions;
    this.element = h("form.composer", { testid: "composer-form", onsubmit: (event) => this.#submit(event) },
      this.#bar, this.#tray.element, h("div.composer-row", {}, this.#picker, this.#attach, this.#text, this.#count, this.#send));
  }

  /** Turns to a conversation, with what was begun there. */
  open(id, fileBytes) {
    if (id !== this.#id) this.#tray.clear();
    this.#id = id;
    this.#fileBytes = fileBytes;
    this.#editing = this.#replying = null;
    this.#bar.hidden = true;
    this.#put(this.#drafts.of(id));
  }

  focus() {
    this.#text.focus();
  }

  /** Takes files that go with the next message. */
  attach(files) {
    if (this.#fileBytes && !this.#editing) this.#tray.add(files, this.#fileBytes);
    this.#text.focus();
  }

  /** The message that is sent next answers `message`. */
  reply(message, name) {
    this.stopEditing();
    this.#replying = message;
    this.#showBar("reply", `Reply to ${name}: ${lineOf(message)}`, "Do not reply");
    this.#text.focus();
  }

  #stopReplying() {
    this.#replying = null;
    this.#bar.hidden = true;
    this.#text.focus();
  }

  #showBar(kind, words, stop) {
    this.#bar.replaceChildren(icon(kind), h("span.title", { testid: "editing-words" }, words),
      iconButton("close", stop, { testid: "stop-editing", onclick: () => (this.#editing ? this.stopEditing() : this.#stopReplying()) }));
    this.#bar.hidden = false;
  }

  edit(message) {
    this.#replying = null;
    this.#editing = message;
    this.#showBar("pencil", "Editing a message", "Stop editing");
    this.#put(message.text);
    this.#text.focus();
    this.#text.setSelectionRange(message.text.length, message.text.length);
  }

  stopEditing() {
    if (!this.#editing) return;
    this.open(this.#id, this.#fileBytes);
    this.#text.focus();
  }

  /** The message that is being edited or answered was deleted. */
  deleted(seq) {
    if (this.#editing?.seq === seq) this.stopEditing();
    if (this.#replying?.seq === seq) this.#stopReplying();
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
    this.#attach.hidden = !this.#fileBytes || this.#editing !== null;
    this.#send.disabled = !this.#sendable(length);
  }

  /** A text, files, or both; nothing is sent before all is uploaded. */
  #sendable(length) {
    if (length > MAX_TEXT) return false;
    return this.#editing ? length > 0 : this.#tray.ready || (length > 0 && this.#tray.empty);
  }

  #paste(event) {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || !this.#fileBytes || event.clipboardData.types.includes("text/plain")) return; // office programs add a picture of the text
    event.preventDefault();
    this.attach(files);
  }

  #typed() {
    this.#fit();
    if (this.#editing) return;
    if (this.#text.value) {
      this.#drafts.put(this.#id, this.#text.value);
      this.#actions.typed();
    } else {
      this.#drafts.remove(this.#id);
    }
  }

  #key(event) {
    if (composes(event)) return;
    if (event.key === "Enter" && !event.shiftKey && (!TOUCH.matches || event.ctrlKey || event.metaKey)) {
      this.#submit(event);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (this.#editing) this.stopEditing();
      else if (this.#replying) this.#stopReplying();
      else this.#actions.leave();
    } else if (event.key === "ArrowUp" && this.#text.value === "" && this.#actions.editLast()) {
      event.preventDefault();
    }
  }

  async #submit(event) {
    event.preventDefault();
    const text = sendable(this.#text.value);
    if (!this.#sendable(text.length)) return; // what is too long stays as it is: nothing is cut
    if (this.#editing) {
      await this.#change(this.#editing, text);
    } else if (this.#actions.send({ text, attachments: this.#tray.uploaded, replyTo: this.#replying?.seq })) {
      if (this.#replying) this.#stopReplying();
      this.#tray.take();
      this.#drafts.remove(this.#id);
      this.#put("");
    }
    this.#text.focus();
  }

  /** A change that failed stays here to be tried again. */
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
