// The page: who one is, and then the chat.

import * as api from "./api.js";
import { Chat } from "./chat.js";
import { newDirect, newGroup, joinGroup, showMembers } from "./dialogs.js";
import { h, perFrame } from "./dom.js";
import { opened, titleOf, unreadInAll } from "./feed.js";
import { ConversationList } from "./list.js";
import { Pane } from "./pane.js";
import { showSignIn } from "./signin.js";

const place = document.getElementById("app");
const RETRY_MS = 1_500;
const BANNER_AFTER_MS = 600;
let close = () => {};

async function begin() {
  close();
  try {
    await enter(await api.refresh());
  } catch (error) {
    if (error.final) showSignIn(place, enterPatiently);
    else retry(begin);
  }
}

function retry(task) {
  place.replaceChildren(h("p.splash", { role: "status" }, "The server cannot be reached. Trying again…"));
  setTimeout(task, RETRY_MS);
}

async function enterPatiently(session) {
  try {
    await enter(session);
  } catch {
    retry(begin);
  }
}

async function enter(session) {
  const chat = await Chat.open(session, {
    changed: perFrame(() => page.render()),
    said: (conversation, message) => page.announce(conversation, message),
    signedOut: () => begin(),
  });
  const page = new Page(chat);
  close = () => {
    close = () => {};
    page.close();
    chat.close();
  };
}

/** The whole of it: list at the side, conversation beside it, one of them on a phone. */
class Page {
  #chat;
  #list;
  #pane;
  #banner = h("p.banner", { role: "status", testid: "banner", hidden: true });
  #instance = h("span.instance", { testid: "instance" });
  #toast = h("p.toast", { role: "alert", testid: "toast", hidden: true });
  #bannerTimer = 0;
  #onShown = () => this.#pane.seen();
  #onHash = () => this.#follow();
  #element;

  constructor(chat) {
    this.#chat = chat;
    const me = chat.state.me;
    const failed = (message) => this.#tell(message);
    const openNew = (conversation) => {
      if (!chat.state.conversations.has(conversation.id)) chat.state.conversations.set(conversation.id, opened(conversation));
      for (const member of conversation.members) chat.state.users[member.id] = member;
      this.#go(conversation.id);
    };
    this.#list = new ConversationList(chat, (id) => this.#go(id));
    this.#pane = new Pane(chat, {
      back: () => this.#go(null),
      failed,
      members: (conversation) => showMembers(conversation, me, (user) => chat.nameOf(user), () => this.#go(null)),
    });
    this.#element = h("div.page", {},
      h("nav.side", { "aria-label": "Conversations" },
        h("header.head", {},
          h("h1", {}, h("img", { src: "icon.svg", alt: "", width: "28", height: "28" }), "Tutti"),
          h("div.who", {}, h("span", { testid: "me" }, me.displayName),
            h("button.quiet", { testid: "signout", onclick: () => this.#signOut() }, "Sign out"))),
        h("div.tools", { role: "group", "aria-label": "Begin" },
          h("button", { testid: "new-direct", onclick: () => newDirect(me, openNew, failed) }, "New chat"),
          h("button", { testid: "new-group", onclick: () => newGroup(me, openNew) }, "New group"),
          h("button", { testid: "join-group", onclick: () => joinGroup((id) => this.#joined(id), failed) }, "Join")),
        this.#list.element,
        h("footer", {}, this.#instance)),
      h("main", {}, this.#banner, this.#pane.element),
      this.#toast);
    place.replaceChildren(this.#element);
    addEventListener("focus", this.#onShown);
    document.addEventListener("visibilitychange", this.#onShown);
    addEventListener("hashchange", this.#onHash);
    this.#follow();
    this.render();
    this.#showInstance();
  }

  render() {
    if (this.#pane.id && !this.#chat.state.conversations.has(this.#pane.id)) this.#go(null);
    this.#list.render(this.#pane.id);
    this.#pane.render();
    this.#renderStatus();
    const unread = unreadInAll(this.#chat.state);
    document.title = unread ? `(${unread >= 100 ? "99+" : unread}) Tutti` : "Tutti";
    const icon = document.getElementById("icon");
    const wanted = unread ? "icon-unread.svg" : "icon.svg";
    if (icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
  }

  /** Says what was said to those who do not see it. */
  announce(conversation, message) {
    if (conversation.id !== this.#pane.id) {
      this.#list.element.setAttribute("aria-description", `New message in ${titleOf(this.#chat.state, conversation)}: ${message.text.slice(0, 80)}`);
    }
  }

  #renderStatus() {
    const status = this.#chat.status;
    this.#element.dataset.status = status;
    const text = { connecting: "Reconnecting…", "catching-up": "Catching up…", live: "" }[status];
    clearTimeout(this.#bannerTimer);
    if (!text) {
      if (!this.#banner.hidden) this.#showInstance();
      this.#banner.hidden = true;
    } else if (!this.#banner.hidden) {
      this.#banner.textContent = text;
    } else {
      // a moment's break is not worth a word
      this.#bannerTimer = setTimeout(() => {
        this.#banner.textContent = text;
        this.#banner.hidden = false;
      }, BANNER_AFTER_MS);
    }
  }

  async #showInstance() {
    try {
      const response = await fetch("/health/live", { cache: "no-store" });
      this.#instance.textContent = `on ${response.headers.get("X-Instance-Id") ?? "?"}`;
    } catch {
      this.#instance.textContent = "";
    }
  }

  async #joined(id) {
    if (await this.#chat.load(id)) this.#go(id);
  }

  #go(id) {
    const hash = id ? `#${id}` : "";
    if (location.hash === hash) this.#follow();
    else if (id) location.hash = hash;
    else {
      history.pushState(null, "", location.pathname);
      this.#follow();
    }
  }

  #follow() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id && this.#chat.state.conversations.has(id)) {
      if (id !== this.#pane.id) this.#pane.open(id);
    } else {
      this.#pane.showNothing();
    }
    this.#element.classList.toggle("reading", this.#pane.id !== null);
    this.#list.render(this.#pane.id);
  }

  #tell(message) {
    this.#toast.textContent = message;
    this.#toast.hidden = false;
    setTimeout(() => (this.#toast.hidden = true), 5_000);
  }

  async #signOut() {
    try {
      await api.logout();
    } catch (error) {
      if (!error.final) {
        this.#tell(error.message);
        return;
      }
    }
    history.replaceState(null, "", location.pathname);
    begin();
  }

  close() {
    clearTimeout(this.#bannerTimer);
    removeEventListener("focus", this.#onShown);
    document.removeEventListener("visibilitychange", this.#onShown);
    removeEventListener("hashchange", this.#onHash);
  }
}

begin();
