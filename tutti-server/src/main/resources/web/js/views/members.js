// The members of a group: everybody may add people and leave, its owner may take people out.

import * as api from "../net/api.js";
import { avatar, h, icon, iconButton } from "../ui/dom.js";
import { keepPlace, regainFocus } from "../ui/focus.js";
import { choice, confirmed, openDialog } from "./dialog.js";
import { people } from "./find.js";
import { linkSection } from "./links.js";
import { Search } from "./search.js";

/** actions: failed(message), done(message) */
export function showMembers(chat, conversation, actions) {
  const { me } = chat.state;
  const present = new Set();
  const count = h("h3", { testid: "member-count" });
  const list = h("ul.members", { testid: "member-list", "aria-labelledby": "member-count" });
  const more = h("button.link", { type: "button", testid: "more-members", hidden: true, onclick: () => load(last).then(() => regainFocus(goodbye)) }, "Show more");
  const search = new Search(find, {
    label: "Add people", testid: "person-search", nothing: (query) => (query ? "Nobody to add by that name." : ""),
  });
  const title = h("input", { type: "text", testid: "rename-title", required: true, maxlength: 100, autocomplete: "off", "aria-label": "Title", value: conversation.title });
  const rename = h("form.rename", { testid: "rename-form", onsubmit: (event) => {
    event.preventDefault();
    change(async () => {
      const renamed = await api.rename(conversation.id, title.value.trim());
      dialog.querySelector("h2").textContent = renamed.title;
    });
  } }, title, h("button", { type: "submit", testid: "rename" }, "Rename"));
  const links = linkSection(conversation, actions);
  const goodbye = h("button.danger.wide", { type: "button", testid: "leave", onclick: leave }, icon("leave"), "Leave group");
  const dialog = openDialog(conversation.title, "members-dialog",
    rename, search.element, links.element, count, list, more, goodbye);
  rename.hidden = conversation.role !== "owner";
  count.id = "member-count";
  let last;
  let linked = false;
  load();

  async function find(query) {
    const found = query ? await api.people(query) : [];
    return [{ title: "People", rows: found.filter((user) => !present.has(user.id)).map((user) => choice(
      { testid: "person-result", "data-name": user.name, onclick: () => add(user) },
      avatar(user.displayName, user.id, user.avatar), user.displayName, `@${user.name}`, "Add")) }];
  }

  async function load(after) {
    try {
      const page = await api.members(conversation.id, after);
      if (!after) clear();
      const own = page.members.find(({ user }) => user.id === me.id);
      if (own) conversation.role = own.role;
      rename.hidden = conversation.role !== "owner";
      if (conversation.role === "owner" && !linked) {
        linked = true;
        links.show();
      }
      list.append(...page.members.map(row));
      last = page.members.at(-1)?.user.id;
      more.hidden = !page.more;
      count.textContent = page.more ? `More than ${present.size} members` : people(present.size);
    } catch (problem) {
      actions.failed(problem.message);
    }
  }

  function clear() {
    present.clear();
    list.replaceChildren();
  }

  function row({ user, role }) {
    present.add(user.id);
    return h("li", { testid: "member", "data-name": user.name }, avatar(user.displayName, user.id, user.avatar),
      h("span.about", {}, h("span.title", {}, user.displayName, user.id === me.id && h("span.you", {}, " (you)")),
        h("span.preview", {}, `@${user.name}`)),
      role === "owner" && h("span.note", {}, "Owner"),
      conversation.role === "owner" && user.id !== me.id && iconButton("close", `Remove ${user.displayName}`,
        { testid: "remove-member", onclick: () => remove(user) }));
  }

  async function change(doing) {
    try {
      await doing();
      await load();
    } catch (problem) {
      actions.failed(problem.message);
    }
  }

  function add(user) {
    search.clear();
    change(() => api.addMember(conversation.id, user.id));
  }

  async function remove(user) {
    if (await confirmed(`Remove ${user.displayName}?`, `${user.displayName} will no longer see this group.`, "Remove")) {
      await keepPlace(list, () => change(() => api.removeMember(conversation.id, user.id)), search.input);
    }
  }

  async function leave() {
    const sure = await confirmed("Leave this group?",
      conversation.open ? "You can join it again later." : "To come back, you need to be added by somebody in it, or a link into it.", "Leave");
    if (!sure) return;
    try {
      await api.removeMember(conversation.id, me.id);
      dialog.close();
    } catch (problem) {
      actions.failed(problem.message);
    }
  }
}
