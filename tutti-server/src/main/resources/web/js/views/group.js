// Makes a group: a title, whether it is open, and who is in it from the start.

import * as api from "../net/api.js";
import { avatar, h, iconButton } from "../ui/dom.js";
import { regainFocus } from "../ui/focus.js";
import { choice, openDialog } from "./dialog.js";
import { Search } from "./search.js";

/** actions: open(id) */
export function showNewGroup(chat, actions) {
  const chosen = new Map();
  const title = h("input", { type: "text", testid: "group-title", required: true, maxlength: 100, placeholder: "Book club", autocomplete: "off" });
  const open = h("input", { type: "checkbox", testid: "group-open", role: "switch" });
  const chips = h("ul.chips", { testid: "chosen", "aria-label": "Members to be", hidden: true });
  const error = h("p.error", { role: "alert" });
  const submit = h("button.primary.wide", { type: "submit", testid: "group-create" }, "Create group");
  const search = new Search(find, {
    label: "Add people", testid: "person-search", nothing: (query) => (query ? `Nobody’s name begins with “${query}”.` : ""),
  });
  const dialog = openDialog("New group", "new-group-dialog",
    h("form", { onsubmit: create },
      h("label.field", {}, h("span.label", {}, "Title"), title),
      h("label.switch", {}, h("span.about", {}, h("span", {}, "Open"), h("span.hint", {}, "Anybody may find and join it")), open),
      h("div.field", {}, h("span.label", {}, "Members"), chips, search.element),
      error, submit));
  title.focus();

  async function find(query) {
    const found = query ? await api.people(query) : [];
    const others = found.filter((user) => user.id !== chat.state.me.id && !chosen.has(user.id));
    return [{ title: "People", rows: others.map((user) => choice(
      { testid: "person-result", "data-name": user.name, onclick: () => choose(user) },
      avatar(user.displayName, user.id, user.avatar), user.displayName, `@${user.name}`)) }];
  }

  function choose(user) {
    chosen.set(user.id, user);
    showChosen();
    search.clear();
  }

  function leaveOut(user) {
    chosen.delete(user.id);
    showChosen();
    search.input.focus();
  }

  function showChosen() {
    chips.hidden = chosen.size === 0;
    chips.replaceChildren(...[...chosen.values()].map((user) =>
      h("li", {}, user.displayName, iconButton("close", `Leave out ${user.displayName}`, { onclick: () => leaveOut(user) }))));
  }

  async function create(event) {
    event.preventDefault();
    error.textContent = "";
    submit.disabled = true;
    try {
      const id = await chat.create({ kind: "group", title: title.value.trim(), open: open.checked, members: [...chosen.keys()] });
      dialog.close();
      actions.open(id);
    } catch (problem) {
      error.textContent = problem.message;
      submit.disabled = false;
      regainFocus(submit);
    }
  }
}
