// The side of the page: who one is, and the list of conversations.

import { faceOf, invitations, lineOf, nameOf, ordered, otherOf, titleOf, unreadLabel } from "../chat/questions.js";
import { avatar, h, iconButton } from "../ui/dom.js";
import { regainFocus } from "../ui/focus.js";
import { Keyed } from "../ui/keyed.js";
import { roving } from "../ui/roving.js";
import { briefly } from "../ui/time.js";

export class Side {
  element;
  #chat;
  #actions;
  #list = h("ul.conversations", { testid: "conversation-list", "aria-label": "Conversations" });
  #items = new Keyed(this.#list);
  #invitations = h("ul.invitations", { testid: "invitations", "aria-label": "Invitations", hidden: true });
  #invited = new Keyed(this.#invitations);
  #stops = roving(this.#list, ".conversation");
  #empty = h("div.empty", { testid: "no-conversations", hidden: true });
  #instance = h("span.instance", { testid: "instance" });
  #me = h("span.title", { testid: "me" });
  #meSays = null;
  #face = h("span");

  /** actions: open(id), find(), search(), settings(), signOut(), accept(id), decline(id) */
  constructor(chat, actions) {
    this.#chat = chat;
    this.#actions = actions;
    this.#empty.append(h("p", {}, "It is quiet here."),
      h("button.primary", { type: "button", onclick: () => actions.find() }, "Start a conversation"));
    this.element = h("nav.side", { "aria-label": "Conversations" },
      h("header.bar", {},
        h("img", { src: "icon.svg", alt: "", width: 30, height: 30 }), h("h1", {}, "Tutti"),
        iconButton("search", "Search messages", { testid: "search-messages", onclick: () => actions.search(), "aria-keyshortcuts": "Control+Shift+F" }),
        iconButton("compose", "New conversation", { testid: "new-direct", onclick: () => actions.find(), "aria-keyshortcuts": "Control+K" })),
      this.#invitations, this.#list, this.#empty,
      h("footer.me", {}, this.#face, h("span.about", {}, this.#me, this.#instance),
        iconButton("settings", "Settings", { testid: "settings", onclick: () => actions.settings() }),
        iconButton("leave", "Sign out", { testid: "signout", onclick: () => actions.signOut() })));
  }

  render(current) {
    this.#renderMe();
    const conversations = ordered(this.#chat.state);
    const invited = invitations(this.#chat.state);
    const answering = this.#invitations.contains(document.activeElement);
    this.#invited.show(invited.map((invitation) => this.#invitation(invitation)));
    this.#invitations.hidden = invited.length === 0;
    this.#items.show(conversations.map((conversation) => this.#item(conversation, current)));
    this.#stops();
    this.#list.hidden = conversations.length === 0;
    this.#empty.hidden = conversations.length > 0 || invited.length > 0;
    if (answering) regainFocus(this.#invitations.querySelector("button"), ...this.#places(current));
    const { instance, alone } = this.#chat;
    this.#instance.hidden = alone;
    const text = instance ? `on ${instance}` : "";
    if (this.#instance.textContent !== text) this.#instance.textContent = text;
    this.#instance.title = instance ? `Served by instance ${instance}` : "";
  }

  #renderMe() {
    const { me } = this.#chat.state;
    const says = `${me.displayName}\n${me.avatar}`;
    if (this.#meSays === says) return;
    this.#meSays = says;
    this.#me.textContent = me.displayName;
    this.#face.replaceChildren(avatar(me.displayName, me.id, me.avatar));
  }

  /** Puts the focus on one of them, the first one if there is no such, and on what makes one if there are none. */
  focus(id) {
    this.#places(id).find(Boolean).focus();
  }

  #places(id) {
    return [this.#items.element(id)?.firstElementChild, this.#list.querySelector(".conversation"), this.#empty.querySelector("button")];
  }

  #invitation(invitation) {
    const { state } = this.#chat;
    const { id, lastMessage } = invitation;
    const title = titleOf(state, invitation);
    const text = lastMessage && !lastMessage.deleted ? lineOf(lastMessage) : "wants to talk with you";
    return {
      key: id,
      signature: [title, text, ...faceOf(state, invitation)].join("\n"),
      build: () => h("li.invitation", { testid: "invitation" },
        avatar(title, ...faceOf(state, invitation)),
        h("span.about", {}, h("span.title", { testid: "invitation-from" }, title), h("span.preview", { dir: "auto" }, text)),
        h("span.answers", {},
          h("button.primary", { type: "button", testid: "accept", "aria-label": `Accept ${title}`, onclick: () => this.#actions.accept(id) }, "Accept"),
          h("button", { type: "button", testid: "decline", "aria-label": `Decline ${title}`, onclick: () => this.#actions.decline(id) }, "Decline"))),
    };
  }

  #item(conversation, current) {
    const { state } = this.#chat;
    const { id, unread, lastMessage } = conversation;
    const title = titleOf(state, conversation);
    const preview = this.#preview(conversation);
    const time = lastMessage ? briefly(lastMessage.at) : "";
    const label = unread ? unreadLabel(unread) : "";
    const online = conversation.kind === "direct" && this.#chat.isOnline(otherOf(state, conversation)?.id);
    return {
      key: id,
      signature: [title, ...faceOf(state, conversation), preview.typing, preview.text, time, label, online].join("\n"),
      update: (element) => {
        const button = element.firstElementChild;
        if (id === current) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      },
      build: () => h("li", {}, h(`button.conversation${unread ? ".unread" : ""}${online ? ".online" : ""}`,
        { type: "button", testid: "conversation-item", "data-id": id, onclick: () => this.#actions.open(id) },
        avatar(title, ...faceOf(state, conversation)),
        h("span.about", {},
          h("span.line", {}, h("span.title", { testid: "conversation-item-title" }, title), time && h("time", { datetime: lastMessage.at }, time)),
          h("span.line", {}, h(`span.preview${preview.typing ? ".now" : ""}`, { testid: "preview", dir: "auto" }, preview.text),
            label && h("span.badge", { testid: "unread" }, label), label && h("span.unseen", {}, " unread"), online && h("span.unseen", {}, " online"))))),
    };
  }

  #preview(conversation) {
    const { state } = this.#chat;
    const [typing] = this.#chat.whoTypes(conversation.id);
    if (typing) return { typing: true, text: conversation.kind === "group" ? `${nameOf(state, typing)} is typing…` : "typing…" };
    const message = conversation.lastMessage;
    if (!message) return { text: "No messages yet" };
    const text = lineOf(message);
    if (message.sender === state.me.id) return { text: `You: ${text}` };
    return { text: conversation.kind === "group" ? `${nameOf(state, message.sender)}: ${text}` : text };
  }
}
