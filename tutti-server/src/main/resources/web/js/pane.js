// One conversation: its head, its messages, and where one writes.

import { avatar, h } from "./dom.js";
import { faceOf, titleOf } from "./feed.js";
import { Messages } from "./messages.js";

const MAX_TEXT = 4_000;

export class Pane {
  element = h("section.pane", { "aria-label": "Conversation" });
  #chat;
  #actions;
  #id = null;
  #editing = null;
  #head = h("header.head");
  #messages;
  #latest = h("button.latest", { testid: "latest", hidden: true, "aria-label": "Jump to latest messages", onclick: () => this.#messages.toBottom() }, "↓");
  #typing = h("p.typing", { testid: "typing", "aria-live": "polite" });
  #editBar = h("p.edit-bar", { hidden: true }, "Editing a message. Escape leaves it as it is.");
  #text = h("textarea", { testid: "composer", rows: "1", maxlength: String(MAX_TEXT), placeholder: "Write a message", "aria-label": "Message", enterkeyhint: "send" });
  #form;

  /** actions: back(), members(conversation), failed(message) */
  constructor(chat, actions) {
    this.#chat = chat;
    this.#actions = actions;
    this.#messages = new Messages(chat, {
      edit: (message) => this.#edit(message),
      remove: (message) => this.#remove(message),
      atBottom: (yes) => this.#atBottom(yes),
      wantsMore: () => this.#conversation && chat.history(this.#conversation),
    });
    this.#form = h("form.composer", { onsubmit: (event) => this.#submit(event) },
      this.#text, h("button.primary.send", { type: "submit", testid: "send", "aria-label": "Send" }, "➤"));
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.showNothing();
  }

  get #conversation() {
    return this.#chat.state.conversations.get(this.#id);
  }

  get id() {
    return this.#id;
  }

  showNothing() {
    this.#id = null;
    this.element.replaceChildren(h("div.nothing", {}, h("p", {}, "Choose a conversation, or begin one.")));
  }

  open(id) {
    this.#keepDraft();
    this.#id = id;
    this.#stopEditing();
    this.#text.value = sessionStorage.getItem(draftKey(id)) ?? "";
    this.element.replaceChildren(this.#head, h("div.scroll", {}, this.#messages.element, this.#latest), this.#typing, this.#editBar, this.#form);
    this.#grow();
    this.#messages.show(this.#conversation);
    if (!this.#conversation.loaded) this.#chat.history(this.#conversation).then(() => this.#messages.toBottom());
    this.render();
    if (matchMedia("(pointer: fine)").matches) this.#text.focus();
  }

  render() {
    if (this.#id === null) return;
    const conversation = this.#conversation;
    if (!conversation) {
      this.showNothing();
      return;
    }
    this.#renderHead(conversation);
    this.#messages.render(conversation);
    const typing = this.#chat.whoTypes(conversation.id);
    this.#typing.textContent = typing.length === 0 ? "" : typing.length === 1 ? `${typing[0]} is typing…` : `${typing.length} people are typing…`;
    this.#latest.hidden = this.#messages.atBottom;
    this.seen();
  }

  /** One sees the end of it: then it is read. */
  seen() {
    const conversation = this.#conversation;
    if (conversation && document.visibilityState === "visible" && document.hasFocus() && this.#messages.atBottom) this.#chat.read(conversation);
  }

  #renderHead(conversation) {
    const title = titleOf(this.#chat.state, conversation);
    const signature = `${conversation.id}|${title}|${conversation.memberCount}`;
    if (this.#head.dataset.signature === signature) return;
    this.#head.dataset.signature = signature;
    this.#head.replaceChildren(...[
      h("button.quiet.back", { testid: "back", "aria-label": "Back to the conversations", onclick: () => this.#actions.back() }, "‹"),
      avatar(title, faceOf(this.#chat.state, conversation)),
      h("div.about", {}, h("h2", { testid: "conversation-title" }, title),
        h("p", {}, conversation.kind === "direct" ? "Direct conversation" : `${conversation.memberCount} members${conversation.open ? " · open" : ""}`)),
      conversation.kind === "group" && h("button.quiet", { testid: "members", onclick: () => this.#actions.members(this.#conversation) }, "Members"),
    ].filter(Boolean));
  }

  #atBottom(yes) {
    this.#latest.hidden = yes;
    if (yes) this.seen();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text) return;
    if (this.#editing) this.#try(this.#chat.edit(this.#id, this.#editing.seq, text));
    else this.#chat.send(this.#id, text);
    this.#text.value = "";
    sessionStorage.removeItem(draftKey(this.#id));
    this.#stopEditing();
    this.#grow();
    this.#messages.toBottom();
    this.#text.focus();
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      this.#submit(event);
    } else if (event.key === "Escape" && this.#editing) {
      this.#text.value = "";
      this.#stopEditing();
    } else if (event.key === "ArrowUp" && this.#text.value === "") {
      const mine = this.#conversation.messages.filter((message) => message.sender === this.#chat.state.me.id && !message.deleted);
      if (mine.length) this.#edit(mine.at(-1));
      event.preventDefault();
    }
  }

  #typed() {
    this.#grow();
    this.#keepDraft();
    if (this.#text.value && !this.#editing) this.#chat.tellTyping(this.#id);
  }

  #keepDraft() {
    if (this.#id === null || this.#editing) return;
    if (this.#text.value) sessionStorage.setItem(draftKey(this.#id), this.#text.value);
    else sessionStorage.removeItem(draftKey(this.#id));
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  #edit(message) {
    this.#editing = message;
    this.#editBar.hidden = false;
    this.#text.value = message.text;
    this.#grow();
    this.#text.focus();
  }

  #stopEditing() {
    this.#editing = null;
    this.#editBar.hidden = true;
  }

  #remove(message) {
    if (confirm("Delete this message for everybody?")) this.#try(this.#chat.remove(this.#id, message.seq));
  }

  async #try(doing) {
    try {
      await doing;
    } catch (error) {
      this.#actions.failed(error.message);
    }
  }
}

const draftKey = (id) => `tutti.draft.${id}`;
