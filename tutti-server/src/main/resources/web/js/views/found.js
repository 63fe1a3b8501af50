// Searches in all messages that one may read; what is chosen is shown where it was said.

import * as api from "../net/api.js";
import { faceOf, nameOf, titleOf } from "../chat/questions.js";
import { avatar, h } from "../ui/dom.js";
import { wordsOf, excerpt } from "../ui/excerpt.js";
import { regainFocus } from "../ui/focus.js";
import { briefly } from "../ui/time.js";
import { choice, openDialog } from "./dialog.js";
import { Search } from "./search.js";

const MOST_ROUNDS = 50; // the server looks at so many messages each time that it has not searched before

/** actions: jump(conversation, seq), failed(message) */
export function showFound(chat, actions) {
  const { state } = chat;
  let last = Promise.resolve(); // the server does one search of a person at a time
  let complete = true;
  const search = new Search((query) => (last = last.catch(() => {}).then(() => find(query))), {
    label: "Search messages",
    testid: "message-search",
    nothing: (query) => {
      if (!query) return "Words, “a phrase”, or -without.";
      return complete ? "No message has these words." : "Nothing yet: older messages are still to be searched. Search again.";
    },
  });
  const dialog = openDialog("Search messages", "found-dialog", search.element);
  dialog.classList.add("tall");
  search.clear();

  async function find(query) {
    if (!query || query !== search.input.value.trim()) return [];
    let page;
    for (let round = 0; !page?.complete && round < MOST_ROUNDS; round++) page = await api.searchMessages(query);
    complete = page.complete;
    return [{ title: complete ? "Messages" : "Messages, of those searched so far", rows: rows(query, page) }];
  }

  function rows(query, { messages, users, next }) {
    Object.assign(state.users, users);
    const words = wordsOf(query);
    const found = messages.filter(({ conversation }) => state.conversations.has(conversation)).map((hit) => row(hit, words));
    return next ? [...found, more(query, next)] : found;
  }

  function row({ conversation: id, message }, words) {
    const conversation = state.conversations.get(id);
    const title = titleOf(state, conversation);
    const who = message.sender === state.me.id ? "You" : nameOf(state, message.sender);
    return choice({ testid: "found", onclick: () => {
      dialog.close();
      actions.jump(id, message.seq);
    } }, avatar(title, ...faceOf(state, conversation)), title,
    [`${who}: `, ...excerpt(message.text, words).map((part) => (part.found ? h("mark", {}, part.text) : part.text))], briefly(message.at));
  }

  function more(query, after) {
    const button = h("button.link", { type: "button", testid: "more-found", onclick: async () => {
      button.disabled = true;
      try {
        const page = await api.searchMessages(query, after);
        const items = rows(query, page).map((each) => h("li", {}, each));
        button.closest("li")?.replaceWith(...items);
        regainFocus(items[0]?.firstElementChild, search.input);
      } catch (problem) {
        button.disabled = false;
        regainFocus(button);
        actions.failed(problem.message);
      }
    } }, "Show more");
    return button;
  }
}
