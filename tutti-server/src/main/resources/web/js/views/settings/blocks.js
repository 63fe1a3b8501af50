// From whom one wants to hear nothing.

import * as api from "../../net/api.js";
import { avatar, h } from "../../ui/dom.js";
import { choice } from "../dialog.js";
import { Search } from "../search.js";
import { loadedList } from "./parts.js";

export function blocksTopic({ chat, failed }) {
  const blocked = new Set();
  const search = new Search(async (query) => {
    const found = query ? await api.people(query) : [];
    return [{ title: "People", rows: found.filter((user) => user.id !== chat.state.me.id && !blocked.has(user.id)).map((user) => choice(
      { testid: "person-result", "data-name": user.name, onclick: () => change(() => api.block(user.id)) },
      avatar(user.displayName, user.id, user.avatar), user.displayName, `@${user.name}`, "Block")) }];
  }, { label: "Block somebody", testid: "block-search", nothing: (query) => (query ? "Nobody to block by that name." : "") });
  const list = loadedList("blocks", "Blocked people", "You have blocked nobody.", api.blocks, (blocks) => {
    blocked.clear();
    for (const { user } of blocks) blocked.add(user.id);
    return blocks.map(({ user }) => h("li", { testid: "blocked", "data-name": user.name },
      avatar(user.displayName, user.id, user.avatar),
      h("span.about", {}, h("span.title", {}, user.displayName), h("span.preview", {}, `@${user.name}`)),
      h("button", { type: "button", testid: "unblock", "aria-label": `Unblock ${user.displayName}`,
        onclick: () => change(() => api.unblock(user.id)) }, "Unblock")));
  });
  list.load();

  async function change(changing) {
    try {
      await changing();
    } catch (problem) {
      failed(problem.message);
    }
    await list.load();
    search.clear();
  }

  return h("div.stack", {}, h("p.hint", {}, "Blocked people cannot write to you or invite you. They are not told."), search.element, list.element);
}
