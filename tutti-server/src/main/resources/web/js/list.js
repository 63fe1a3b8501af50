// The list of conversations.

import { avatar, h } from "./dom.js";
import { faceOf, ordered, titleOf } from "./feed.js";
import { briefly } from "./time.js";

/** The list for the side of the page; open(id) is called when one is chosen. */
export class ConversationList {
  element = h("ul.conversations", { testid: "conversation-list", onkeydown: (event) => this.#move(event) });
  #chat;
  #open;

  constructor(chat, open) {
    this.#chat = chat;
    this.#open = open;
  }

  render(current) {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const conversations = ordered(this.#chat.state);
    this.element.replaceChildren(...conversations.map((conversation) => this.#item(conversation, current)));
    if (conversations.length === 0) {
      this.element.append(h("li.empty", {}, "No conversations yet. Begin one with the buttons above."));
    }
    if (focused) this.element.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  #item(conversation, current) {
    const title = titleOf(this.#chat.state, conversation);
    const { unread, lastMessage } = conversation;
    return h("li", {}, 
      h(`button.conversation${conversation.id === current ? ".current" : ""}${unread ? ".unread" : ""}`,
        {
          testid: "conversation-item",
          "data-id": conversation.id,
          "aria-current": conversation.id === current ? "true" : null,
          "aria-label": `${title}${unread ? `, ${unread} unread` : ""}`,
          onclick: () => this.#open(conversation.id),
        },
        avatar(title, faceOf(this.#chat.state, conversation)),
        h("span.about", {}, h("span.title", {}, title), h("span.preview", {}, this.#preview(conversation))),
        h("span.side", {}, lastMessage && h("time", {}, briefly(lastMessage.at)),
          unread > 0 && h("span.badge", { testid: "unread" }, unread >= 100 ? "99+" : String(unread)))));
  }

  #preview(conversation) {
    const typing = this.#chat.whoTypes(conversation.id);
    if (typing.length) return `${typing[0]} is typing…`;
    const message = conversation.lastMessage;
    if (!message) return "No messages yet";
    const text = message.deleted ? "Message deleted" : message.text;
    if (message.sender === this.#chat.state.me.id) return `You: ${text}`;
    return conversation.kind === "group" ? `${this.#chat.nameOf(message.sender)}: ${text}` : text;
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...this.element.querySelectorAll("button")];
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
    event.preventDefault();
  }
}
