// The whole of it: the conversations at the side, one of them beside it; on a phone one or the other.

import { Alerts } from "../chat/alerts.js";
import { Looking } from "../chat/looking.js";
import { lineOf, nameOf, titleOf, unreadInAll, unreadLabel } from "../chat/questions.js";
import { h } from "../ui/dom.js";
import { Notices } from "../ui/notices.js";
import { showUnread } from "../ui/tab.js";
import { Banner } from "./banner.js";
import { confirmed } from "./dialog.js";
import { showFind } from "./find.js";
import { showFound } from "./found.js";
import { showNewGroup } from "./group.js";
import { showJoin, tokenOf } from "./links.js";
import { showMembers } from "./members.js";
import { Pane } from "./pane.js";
import { showSettings } from "./settings.js";
import { Side } from "./side.js";

const NARROW = matchMedia("(max-width: 46rem)");
const TOUCH = matchMedia("(pointer: coarse)");

export class Page {
  element;
  #chat;
  #signedOut;
  #side;
  #pane;
  #banner = new Banner();
  #notices = new Notices();
  #alerts = new Alerts();
  #looking = new Looking();
  #ends = new AbortController();

  /** signedOut() is told when one has signed out here. */
  constructor(chat, signedOut) {
    this.#chat = chat;
    this.#signedOut = signedOut;
    const failed = (message) => this.#notices.tell(message);
    const open = (id) => this.#go(id);
    const find = () => showFind(chat, { open, failed, newGroup: () => showNewGroup(chat, { open }) });
    const search = () => showFound(chat, { failed, jump: (id, seq) => this.#jump(id, seq) });
    this.#side = new Side(chat, {
      open,
      find,
      search,
      settings: () => showSettings({ chat, failed, alerts: this.#alerts, renamed: () => this.render(), ended: () => {
        chat.forget();
        this.#ended();
      } }),
      signOut: () => this.#signOut(),
      accept: (id) => this.#answer(chat.accept(id).then(open)),
      decline: (id) => this.#answer(chat.decline(id)),
    });
    this.#pane = new Pane(chat, {
      back: () => this.#go(null),
      leave: () => this.#leavePane(),
      failed,
      done: failed,
      members: (conversation) => showMembers(chat, conversation, { failed, done: failed }),
    });
    this.element = h("main.page", { testid: "page" }, this.#side.element,
      h("div.stage", {}, this.#banner.element, this.#pane.element), this.#notices.element);
    const { signal } = this.#ends;
    const seen = () => {
      this.#look();
      this.#pane.seen();
    };
    addEventListener("focus", seen, { signal });
    addEventListener("blur", seen, { signal });
    document.addEventListener("visibilitychange", seen, { signal });
    addEventListener("hashchange", () => this.#follow(), { signal });
    addEventListener("popstate", () => this.#follow(), { signal });
    addEventListener("keydown", (event) => this.#key(event, find, search), { signal });
  }

  /** To be called when it is in the document. */
  begin() {
    this.#follow();
    this.showStatus();
    this.render();
    this.#alerts.load().catch(() => {}); // without them nothing is told outside of the page
  }

  render() {
    const { state } = this.#chat;
    if (this.#pane.id && !state.conversations.has(this.#pane.id)) this.#go(null);
    this.#side.render(this.#pane.id);
    this.#pane.render();
    const unread = unreadInAll(state);
    showUnread(unread ? unreadLabel(unread) : "");
  }

  /** Shows how the connection stands, at once: a frame may see several changes. */
  showStatus() {
    const { status } = this.#chat;
    this.element.dataset.status = status;
    this.#banner.show(status);
    if (status === "live") this.#pane.revive();
  }

  /** Another instance serves the page from now on. */
  moved(instance) {
    this.#banner.note(`Now on ${instance}`);
  }

  /** Somebody said something. */
  said(conversation, message) {
    const { state, status } = this.#chat;
    if (status !== "live") return; // what was missed is in the list of conversations
    const where = conversation.id === this.#pane.id || conversation.kind === "direct" ? "" : ` in ${titleOf(state, conversation)}`;
    const who = `${nameOf(state, message.sender)}${where}`;
    const text = lineOf(message);
    this.#notices.announce(`${who}: ${text}`);
    void this.#alert(conversation, { title: who, text, tag: `tutti.${conversation.id}.${message.seq}` });
  }

  /** Tells of it outside of the page, unless one looks at it, here or in another tab. */
  async #alert({ id }, what) {
    this.#look();
    if (await this.#looking.anywhere(id)) return;
    if (!this.#ends.signal.aborted) this.#alerts.tell(what, () => this.#go(id));
  }

  #look() {
    this.#looking.at(document.hasFocus() && !document.hidden ? this.#pane.id : null);
  }

  /** Somebody wants to talk. */
  invited(user) {
    this.#notices.announce(`${user.displayName} wants to talk with you`);
  }

  async #answer(answering) {
    try {
      await answering;
    } catch (problem) {
      this.#notices.tell(problem.message);
    }
  }

  /** One is no longer in a conversation; so many messages to it were not sent. */
  left(conversation, unsent) {
    const title = titleOf(this.#chat.state, conversation);
    const lost = unsent ? ` ${unsent === 1 ? "A message was" : `${unsent} messages were`} not sent.` : "";
    this.#notices.tell(`You are no longer in ${title}.${lost}`);
  }

  /** The address says which conversation is open: so the browser's own back and forward work. */
  #go(id) {
    const address = id ? `#${encodeURIComponent(id)}` : location.pathname + location.search;
    const before = this.#pane.id;
    if (id !== before) history.pushState(null, "", address);
    this.#follow();
    if (id && !TOUCH.matches) this.#pane.focus();
    if (!id) this.#side.focus(before);
  }

  #jump(id, seq) {
    this.#go(id);
    this.#pane.jump(seq);
  }

  #follow() {
    const id = hash();
    const token = tokenOf(id);
    if (token) {
      history.replaceState(null, "", location.pathname + location.search); // not into the history, nor again with a reload
      showJoin(this.#chat, token, { open: (joined) => this.#go(joined), failed: (message) => this.#notices.tell(message) });
    }
    if (!id || !this.#chat.state.conversations.has(id)) {
      this.#pane.close();
    } else if (id !== this.#pane.id) {
      this.#pane.open(id);
    }
    this.#look();
    this.element.dataset.view = this.#pane.id ? "conversation" : "list";
    this.#side.render(this.#pane.id);
  }

  /** Escape leads from the composer to the list; on a phone it leads back. */
  #leavePane() {
    if (NARROW.matches) this.#go(null);
    else this.#side.focus(this.#pane.id);
  }

  #key(event, find, search) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      find();
    } else if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === "f") {
      event.preventDefault();
      search();
    } else if (event.key === "Escape" && this.#pane.id) {
      this.#pane.focus();
    }
  }

  async #signOut() {
    const unsent = this.#chat.unsent();
    if (unsent && !(await confirmed("Sign out?", `${unsent === 1 ? "A message is" : `${unsent} messages are`} not sent yet and will be lost.`, "Sign out"))) return;
    try {
      await this.#chat.signOut();
      this.#ended();
    } catch (problem) {
      this.#notices.tell(problem.message);
    }
  }

  #ended() {
    history.replaceState(null, "", location.pathname);
    this.#signedOut();
  }

  close() {
    this.#ends.abort();
    this.#looking.at(null);
    this.#alerts.close();
    this.#banner.close();
    this.#notices.close();
    for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
  }
}

function hash() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}
