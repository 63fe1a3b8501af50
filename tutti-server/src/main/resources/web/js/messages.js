// The messages of one conversation: days, runs of one sender, what is still being sent.

import { avatar, h, linked } from "./dom.js";
import { receipt } from "./feed.js";
import { dayKey, dayName, exactly, timeOfDay } from "./time.js";

const RUN_MS = 5 * 60_000;
const NEAR_PX = 60;

export class Messages {
  element = h("div.messages", { role: "log", "aria-label": "Messages", "aria-live": "polite", tabindex: "0", testid: "messages" });
  #items = new Map(); // key -> {element, signature}
  #chat;
  #actions;
  #conversation = null;

  /** actions: edit(message), remove(message), atBottom(), wantsMore() */
  constructor(chat, actions) {
    this.#chat = chat;
    this.#actions = actions;
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  get atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  toBottom() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  show(conversation) {
    this.#conversation = conversation.id;
    this.#items.clear();
    this.element.replaceChildren();
    this.render(conversation);
    this.toBottom();
  }

  render(conversation) {
    if (conversation.id !== this.#conversation) return;
    const stick = this.atBottom;
    const before = this.element.scrollHeight;
    const first = this.#first();
    this.#patch(this.#describe(conversation));
    if (stick) this.toBottom();
    else if (first !== this.#first()) {
      this.element.scrollTop += this.element.scrollHeight - before; // history came above: what one reads stays in place
    }
    if (stick && this.element.scrollHeight <= this.element.clientHeight && conversation.more) this.#actions.wantsMore();
  }

  /** The first message there is; what stands above it are only notes. */
  #first() {
    return this.element.querySelector("[data-seq]")?.dataset.seq;
  }

  #scrolled() {
    if (this.element.scrollTop < 400) this.#actions.wantsMore();
    this.#actions.atBottom(this.atBottom);
  }

  /** What there is to see, in order: {key, signature, build}. */
  #describe(conversation) {
    const items = [];
    if (!conversation.loaded) items.push(note("loading", "Loading…"));
    else if (!conversation.more) items.push(note("begin", "This is where it begins."));
    const known = new Set();
    let last = null;
    for (const message of conversation.messages) {
      if (!last || dayKey(last.at) !== dayKey(message.at)) items.push(note(`day-${dayKey(message.at)}`, dayName(message.at), "day"));
      const runs = last && last.sender === message.sender && dayKey(last.at) === dayKey(message.at)
        && Date.parse(message.at) - Date.parse(last.at) < RUN_MS;
      items.push(this.#message(conversation, message, !runs));
      if (message.id) known.add(message.id);
      last = message;
    }
    const mine = this.#chat.state.me.id;
    for (const waiting of this.#chat.pending(conversation.id)) {
      if (!known.has(waiting.id)) items.push(this.#waiting(waiting, last?.sender !== mine));
    }
    const seen = receipt(this.#chat.state, conversation);
    if (seen && seen.seq === last?.seq && last.sender === mine) {
      items.push(note("receipt", conversation.kind === "direct" ? "Read" : `Read by ${seen.count}`, "receipt"));
    }
    return items;
  }

  #message(conversation, message, opens) {
    const own = message.sender === this.#chat.state.me.id;
    const name = this.#chat.nameOf(message.sender);
    return {
      key: `seq-${message.seq}`,
      signature: [message.text, message.editedAt, message.deleted, opens, name].join("|"),
      build: () =>
        h(`article.message${own ? ".own" : ""}${opens ? ".opens" : ""}`, { testid: "message", "data-seq": String(message.seq) },
          !own && (opens ? avatar(name, message.sender) : h("span.avatar.none")),
          h("div.bubble", { tabindex: own ? "-1" : null },
            opens && !own && conversation.kind === "group" && h("span.sender", {}, name),
            message.deleted
              ? h("p.deleted", { testid: "message-text" }, "Message deleted")
              : h("p", { testid: "message-text", dir: "auto" }, linked(message.text)),
            h("span.meta", {},
              message.editedAt && !message.deleted && h("span", { testid: "edited" }, "edited"),
              h("time", { datetime: message.at, title: exactly(message.at) }, timeOfDay(message.at)),
              own && h("span.check", { title: "Stored", "aria-label": "sent", testid: "message-status" }, "✓"))),
          own && !message.deleted && h("div.actions", {},
            h("button.quiet", { testid: "edit", "aria-label": "Edit message", onclick: () => this.#actions.edit(message) }, "Edit"),
            h("button.quiet", { testid: "delete", "aria-label": "Delete message", onclick: () => this.#actions.remove(message) }, "Delete"))),
    };
  }

  #waiting(waiting, opens) {
    return {
      key: `wait-${waiting.id}`,
      signature: `${waiting.refused ?? ""}|${opens}`,
      build: () =>
        h(`article.message.own.waiting${waiting.refused ? ".refused" : ""}${opens ? ".opens" : ""}`, { testid: "message-pending" },
          h("div.bubble", {},
            h("p", { testid: "message-text", dir: "auto" }, linked(waiting.text)),
            h("span.meta", {}, waiting.refused
              ? h("span.error", {}, waiting.refused)
              : h("span", { testid: "message-status", "aria-label": "sending" }, "sending…")),
            waiting.refused && h("span.meta", {},
              h("button.quiet", { testid: "retry", onclick: () => this.#chat.retry(waiting.id) }, "Try again"),
              h("button.quiet", { testid: "discard", onclick: () => this.#chat.discard(waiting.id) }, "Discard")))),
    };
  }

  /** Brings the page to what is described, touching only what changed. */
  #patch(items) {
    const kept = new Map();
    let place = this.element.firstElementChild;
    for (const { key, signature, build } of items) {
      let item = this.#items.get(key);
      if (!item || item.signature !== signature) {
        const element = build();
        element.dataset.key = key;
        if (item) {
          if (place === item.element) place = place.nextElementSibling;
          item.element.remove();
        }
        item = { element, signature };
      }
      if (place === item.element) place = place.nextElementSibling;
      else this.element.insertBefore(item.element, place);
      kept.set(key, item);
      this.#items.delete(key);
    }
    for (const { element } of this.#items.values()) element.remove();
    this.#items = kept;
  }
}

function note(key, text, kind = "note") {
  return { key, signature: text, build: () => h(`p.${kind}`, kind === "receipt" ? { testid: "receipt" } : {}, h("span", {}, text)) };
}
