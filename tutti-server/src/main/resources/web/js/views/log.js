// The messages of one conversation: days, runs of one sender, what is still being sent; and where one is among them.

import { createdWords, lineOf, mayDelete, nameOf, noteWords, readersOf, receiptOf } from "../chat/questions.js";
import { h, icon } from "../ui/dom.js";
import { regainFocus } from "../ui/focus.js";
import { Keyed } from "../ui/keyed.js";
import { roving } from "../ui/roving.js";
import { dayKey, dayName } from "../ui/time.js";
import { messageElement, showStatus, waitingElement } from "./message.js";
import { showReactions } from "./reactions.js";
import { ScrollPlace } from "./scroll.js";

const FOUND_MS = 2_000;
const RUN_MS = 5 * 60_000;

export class Log {
  element;
  #list = h("div.messages", { role: "log", "aria-label": "Messages", "aria-live": "off", tabindex: 0, testid: "messages" });
  #latest = h("button.latest", { type: "button", testid: "latest", hidden: true, "aria-label": "Jump to the latest message", onclick: () => this.toLatest() });
  #count = h("span.badge", { hidden: true });
  #items = new Keyed(this.#list);
  #stops = roving(this.#list, ".message");
  #place = new ScrollPlace(this.#list, { moved: () => this.#moved() });
  #chat;
  #actions;
  #conversation = null;
  #divider = null; // seq behind which messages were unread when this was opened
  #newest = 0; // seq of the newest message that was shown
  #shown = false;

  /** actions: those of messages, atLatest(), wantsMore() */
  constructor(chat, actions) {
    this.#chat = chat;
    this.#actions = actions;
    this.#latest.append(icon("down"), this.#count);
    this.#list.addEventListener("focusin", (event) => this.#focused(event));
    this.element = h("div.log", {}, this.#list, this.#latest);
  }

  get atLatest() {
    return this.#shown && this.#place.atEnd;
  }

  /** Whether one is at the latest message, and stays there whatever comes. */
  get follows() {
    return this.atLatest && this.#place.sticks;
  }

  show(conversation) {
    this.#conversation = conversation;
    this.#divider = conversation.unread > 0 ? conversation.readSeq : null;
    this.#newest = 0;
    this.#shown = false;
    this.#items.clear();
    this.#place.stick();
    this.render(conversation);
  }

  hide() {
    this.#conversation = null;
    this.#shown = false;
  }

  /** One sends something, or wants to see what came. */
  toLatest() {
    this.#divider = null;
    this.#place.toEnd();
  }

  /** Goes to the message at seq; false if it is not loaded. */
  reveal(seq) {
    const message = this.#list.querySelector(`[data-seq="${Number(seq)}"]`);
    if (!message) return false;
    this.#place.leaveEnd();
    message.scrollIntoView({ block: "center" });
    message.focus({ preventScroll: true });
    message.dataset.found = "true";
    setTimeout(() => delete message.dataset.found, FOUND_MS);
    return true;
  }

  /** Focuses the newest message, for the keyboard. */
  focusLatest() {
    [...this.#list.querySelectorAll(".message")].at(-1)?.focus();
  }

  render(conversation) {
    this.#conversation = conversation;
    const first = conversation.loaded && !this.#shown;
    const within = this.#list.contains(document.activeElement);
    this.#place.keep(() => this.#items.show(this.#describe(conversation)));
    if (within) regainFocus(this.#list);
    this.#stops([...this.#list.querySelectorAll(".message")].at(-1));
    this.#newest = conversation.messages.at(-1)?.seq ?? 0;
    this.#shown = conversation.loaded;
    if (first) this.#begin();
    this.#moved();
  }

  /** Opens at the first unread message if the latest ones do not fit, else at the end. */
  #begin() {
    this.#place.toEnd();
    const divider = this.#items.element("divider");
    if (divider && divider.offsetTop < this.#list.scrollTop) this.#list.scrollTop = divider.offsetTop - 16;
  }

  #moved() {
    if (!this.#conversation) return;
    const { unread, loaded, more } = this.#conversation;
    const atLatest = this.#place.atEnd;
    this.#latest.hidden = atLatest;
    this.#count.hidden = unread === 0;
    this.#count.textContent = unread > 99 ? "99+" : String(unread);
    if (!loaded || !this.#shown) return; // what is loaded is about to be shown, and only then one is anywhere
    if (more && this.#place.nearStart) this.#actions.wantsMore();
    if (atLatest) this.#actions.atLatest();
  }

  /** The actions of the message one is at are stops for Tab, and the reactions to it; those of all the others are not. */
  #focused(event) {
    const stops = (index = "") => `.actions button${index}, .reactions button${index}`;
    for (const button of this.#list.querySelectorAll(stops("[tabindex='0']"))) button.tabIndex = -1;
    for (const button of event.target.closest(".message")?.querySelectorAll(stops()) ?? []) button.tabIndex = 0;
  }

  /** The items that there are to see, in order. */
  #describe(conversation) {
    const items = [this.#beginning(conversation)];
    const waiting = this.#waiting(conversation);
    const unread = this.#firstUnread(conversation);
    const { messages, notes } = conversation;
    let noted = 0;
    for (const [i, message] of messages.entries()) {
      const before = messages[i - 1];
      const after = messages[i + 1] ?? waiting[0];
      const sameDay = before && dayKey(before.at) === dayKey(message.at);
      if (!sameDay) items.push(note(`day-${dayKey(message.at)}`, dayName(message.at), "day"));
      const from = noted;
      while (notes[noted]?.seq < message.seq) items.push(this.#note(notes[noted++]));
      const divided = message === unread;
      if (divided) items.push(note("divider", "New", "divider"));
      const opens = divided || noted > from || !runs(before, message);
      const cut = noted < notes.length && !(after?.seq < notes[noted].seq);
      items.push(this.#message(conversation, message, opens, cut || !runs(message, after)));
    }
    while (noted < notes.length) items.push(this.#note(notes[noted++]));
    for (const [i, message] of waiting.entries()) {
      items.push(this.#pending(conversation, message, !runs(waiting[i - 1] ?? messages.at(-1), message), i === waiting.length - 1));
    }
    const receipt = waiting.length === 0 ? receiptOf(this.#chat.state, conversation) : "";
    if (receipt) items.push(note("receipt", receipt, "receipt"));
    return items;
  }

  #beginning(conversation) {
    const { loaded, more, failed, messages } = conversation;
    if (failed) return note("beginning", failed, "beginning");
    if (!loaded || more) return note("beginning", "Loading…", "beginning");
    const created = createdWords(this.#chat.state, conversation);
    const begins = messages.length ? created || "This is where it begins." : `${created} No messages yet. Say hello.`.trim();
    return note("beginning", begins, "beginning");
  }

  /** The first unread message there was when this was opened, if all before it that matter are loaded. */
  #firstUnread({ messages, more }) {
    const { id } = this.#chat.state.me;
    if (this.#divider === null) return null;
    const first = messages.find(({ seq, sender }) => seq > this.#divider && sender !== id);
    return first && (messages[0].seq <= this.#divider || !more) ? first : null;
  }

  /** Those in the outbox that have not come back as events. */
  #waiting(conversation) {
    const { id } = this.#chat.state.me;
    const come = new Set(conversation.messages.filter((message) => message.sender === id).map((message) => message.id));
    return this.#chat.waiting(conversation.id).filter((message) => !come.has(message.id)).map((message) => ({ ...message, sender: id }));
  }

  #message(conversation, message, opens, closes) {
    const { state } = this.#chat;
    const own = message.sender === state.me.id;
    const name = nameOf(state, message.sender);
    const picture = state.users[message.sender]?.avatar;
    const look = {
      own, opens, name, picture,
      quote: this.#quote(conversation, message.replyTo),
      named: !own && conversation.kind === "group",
      fresh: this.#shown && !own && message.seq > this.#newest,
      mayEdit: own && !message.deleted,
      mayDelete: mayDelete(state, conversation, message),
    };
    return {
      key: own && message.id ? `own-${message.id}` : `seq-${message.seq}`,
      signature: ["sent", message.text, message.editedAt, message.deleted, opens, name, picture, look.mayDelete, look.quote?.name, look.quote?.text].join("\n"),
      build: () => messageElement(message, look, this.#actions),
      update: (element) => {
        element.dataset.closes = String(closes);
        if (own) showStatus(element, readersOf(conversation, message.seq));
        showReactions(element, message.reactions, (emoji) => this.#actions.react(message, emoji));
      },
    };
  }

  #note(happened) {
    return note(`note-${happened.seq}`, noteWords(this.#chat.state, happened), "note-line");
  }

  /** The message that a message answers, in a line. */
  #quote(conversation, seq) {
    if (!seq) return null;
    const quoted = this.#chat.quoted(conversation, seq);
    if (!quoted) return { seq, name: "Reply", text: "to an earlier message" };
    const { state } = this.#chat;
    return { seq, name: quoted.sender === state.me.id ? "You" : nameOf(state, quoted.sender), text: lineOf(quoted) };
  }

  #pending(conversation, message, opens, closes) {
    const quote = this.#quote(conversation, message.replyTo);
    const { retry, discard } = this.#chat;
    return {
      key: `own-${message.id}`,
      signature: ["waiting", message.refused ?? "", opens, quote?.text].join("\n"),
      build: () => waitingElement(message, { opens, fresh: this.#shown, quote }, { retry, discard, jump: this.#actions.jump }),
      update: (element) => (element.dataset.closes = String(closes)),
    };
  }
}

/** Whether the second message belongs to the first one's run. */
function runs(first, second) {
  return Boolean(first && second) && first.sender === second.sender && dayKey(first.at) === dayKey(second.at)
    && Date.parse(second.at) - Date.parse(first.at) < RUN_MS;
}

const note = (key, text, kind) => ({
  key,
  signature: text,
  build: () => h(`p.${kind}`, { testid: kind, role: kind === "divider" ? "separator" : null }, h("span", {}, text)),
});
