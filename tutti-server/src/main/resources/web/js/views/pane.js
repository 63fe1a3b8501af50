// One conversation: its head, its messages, who is typing, and where one writes.

import { faceOf, lastOwn, nameOf, otherOf, titleOf } from "../chat/questions.js";
import { avatar, h, icon, iconButton } from "../ui/dom.js";
import { replaceChildren } from "../ui/focus.js";
import { briefly } from "../ui/time.js";
import { Composer } from "./composer.js";
import { confirmed } from "./dialog.js";
import { people } from "./find.js";
import { Log } from "./log.js";

export class Pane {
  element = h("section.pane", { "aria-label": "Conversation" });
  #chat;
  #actions;
  #id = null;
  #head = h("header.bar");
  #headSays = null;
  #jumps = 0; // under way
  #log;
  #typing = h("p.typing", { testid: "typing", role: "status" });
  #composer;
  #nothing = h("div.nothing", { testid: "nothing-open" }, h("img", { src: "icon.svg", alt: "", width: 72, height: 72 }),
    h("p", {}, "Choose a conversation, or start a new one."));

  /** actions: back(), leave() for the keyboard, members(conversation), failed(message), done(message) */
  constructor(chat, actions) {
    this.#chat = chat;
    this.#actions = actions;
    this.#log = new Log(chat, {
      reply: (message) => this.#composer.reply(message, nameOf(chat.state, message.sender)),
      copy: (message) => this.#copy(message),
      jump: (seq) => this.jump(seq),
      react: ({ seq }, emoji) => this.#try(chat.react(this.#id, seq, emoji)),
      edit: (message) => this.#composer.edit(message),
      remove: (message) => this.#remove(message),
      atLatest: () => this.seen(),
      wantsMore: () => this.#loadHistory(),
    });
    this.#composer = new Composer(chat.drafts, {
      send: (content) => this.#send(content),
      failed: (message) => actions.failed(message),
      change: (message, text) => this.#try(chat.edit(this.#id, message.seq, text)),
      typed: () => chat.typed(this.#id),
      editLast: () => this.#editLast(),
      leave: () => actions.leave(),
    });
    this.element.addEventListener("dragover", (event) => this.#drag(event, true));
    this.element.addEventListener("dragleave", (event) => this.#drag(event, false));
    this.element.addEventListener("drop", (event) => {
      this.#drag(event, false);
      if (this.#id) this.#composer.attach(event.dataTransfer.files);
    });
    this.close();
  }

  /** Files that are dragged over it can be dropped; they are not opened in place of the page. */
  #drag(event, over) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.element.dataset.drop = String(over && this.#id !== null);
  }

  get id() {
    return this.#id;
  }

  get #conversation() {
    return this.#chat.state.conversations.get(this.#id);
  }

  close() {
    if (this.#id) this.#chat.leaveView(this.#id);
    this.#id = null;
    this.#headSays = null;
    this.#log.hide();
    this.element.replaceChildren(this.#nothing);
  }

  open(id) {
    if (this.#id) this.#chat.leaveView(this.#id);
    this.#id = id;
    this.#chat.enterView(id, () => this.#jumps === 0 && this.#log.follows);
    this.element.replaceChildren(this.#head, this.#log.element, this.#typing, this.#composer.element);
    this.#composer.open(id, this.#chat.state.fileBytes);
    this.#log.show(this.#conversation);
    this.render();
  }

  /** Shows the message at seq. */
  async jump(seq) {
    const conversation = this.#conversation;
    this.#jumps++; // what is loaded on the way is not to be forgotten
    try {
      if (!(await this.#try(this.#chat.historyUntil(conversation, seq))) || conversation !== this.#conversation) return;
      this.render();
      if (!this.#log.reveal(seq)) this.#actions.failed("That message is too far back to be shown.");
    } finally {
      this.#jumps--;
    }
  }

  focus() {
    this.#composer.focus();
  }

  render() {
    const conversation = this.#conversation;
    if (!conversation) return;
    this.#renderHead(conversation);
    this.#log.render(conversation);
    const typing = typingWords(this.#chat.whoTypes(this.#id).map((user) => nameOf(this.#chat.state, user)))
      || invitationWords(this.#chat.state, conversation);
    if (this.#typing.textContent !== typing) this.#typing.textContent = typing;
    if (!conversation.loaded && !conversation.failed) this.#loadHistory();
  }

  /** Notes what is on the screen as read, if somebody looks at it. */
  seen() {
    const conversation = this.#conversation;
    if (conversation?.loaded && this.#log.atLatest && document.hasFocus() && !document.hidden) this.#chat.seen(conversation);
  }

  /** Loads again what could not be loaded. */
  revive() {
    if (!this.#conversation?.failed) return;
    this.#conversation.failed = null;
    this.render();
  }

  #renderHead(conversation) {
    const { state } = this.#chat;
    const title = titleOf(state, conversation);
    const group = conversation.kind === "group";
    const about = group
      ? `${people(conversation.memberCount)}${conversation.open ? " · open group" : ""}`
      : this.#whereabouts(otherOf(state, conversation)?.id);
    const face = faceOf(state, conversation);
    const says = [this.#id, title, about, ...face].join("\n");
    if (this.#headSays === says) return;
    this.#headSays = says;
    this.element.setAttribute("aria-label", `Conversation: ${title}`);
    replaceChildren(this.#head,
      iconButton("back", "Back to conversations", { testid: "back", onclick: () => this.#actions.back() }),
      avatar(title, ...face),
      h("div.about", {}, h("h1.title", { testid: "conversation-title" }, title), about && h("p.preview", { testid: "conversation-about" }, about)),
      group ? h("button.members-button", { type: "button", testid: "members", "aria-label": `Members of ${title}`, title: "Members",
        onclick: () => this.#actions.members(this.#conversation) }, icon("people")) : "");
  }

  #whereabouts(user) {
    if (this.#chat.isOnline(user)) return "online";
    const at = this.#chat.lastSeen(user);
    return at ? `last seen ${briefly(at)}` : "";
  }

  async #loadHistory() {
    const conversation = this.#conversation;
    try {
      await this.#chat.more(conversation);
    } catch {
      // asked for again after a pause
      if (!conversation.loaded && conversation === this.#conversation) this.render();
    }
  }

  #send(content) {
    const taken = this.#chat.send(this.#id, content);
    if (taken) this.#log.toLatest();
    else this.#actions.failed("Too many messages wait to be sent already.");
    return taken;
  }

  #editLast() {
    const message = lastOwn(this.#chat.state, this.#conversation);
    if (message) this.#composer.edit(message);
    return Boolean(message);
  }

  async #copy({ text }) {
    try {
      await navigator.clipboard.writeText(text);
      this.#actions.done("Copied");
    } catch {
      this.#actions.failed("The browser does not let this page copy.");
    }
  }

  async #remove(message) {
    const id = this.#id;
    if (!(await confirmed("Delete this message?", "It is deleted for everybody.", "Delete"))) return;
    if (await this.#try(this.#chat.remove(id, message.seq))) this.#composer.deleted(message.seq);
  }

  async #try(doing) {
    try {
      await doing;
      return true;
    } catch (problem) {
      this.#actions.failed(problem.message);
      return false;
    }
  }
}

function invitationWords(state, conversation) {
  if (conversation.invitation !== "sent" || !conversation.lastMessage) return "";
  return `${titleOf(state, conversation)} has not answered yet.`;
}

function typingWords(names) {
  if (names.length === 0) return "";
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  return "Several people are typing…";
}
