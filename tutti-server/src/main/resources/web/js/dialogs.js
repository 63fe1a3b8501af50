// What opens over the page: a new conversation, a new group, groups to join, the members of one.

import * as api from "./api.js";
import { avatar, h } from "./dom.js";

const PAUSE_MS = 200;

/** A modal dialog with a title; Escape and the button close it. */
function dialog(title, testid, ...content) {
  const element = h("dialog.card", { "aria-label": title, testid, onclose: () => element.remove(),
    onclick: (event) => event.target === element && element.close() },
  h("div.dialog-body", {},
    h("header", {}, h("h2", {}, title), h("button.quiet", { type: "button", "aria-label": "Close", testid: "dialog-close", onclick: () => element.close() }, "✕")),
    ...content));
  document.body.append(element);
  element.showModal();
  return element;
}

/** A field that searches as one types: find(query) gives rows, row(found) an element. */
function search(label, testid, find, row) {
  const results = h("ul.results", { testid: `${testid}-results` });
  const error = h("p.error", { role: "alert" });
  const input = h("input", { type: "search", testid, "aria-label": label, placeholder: label, autocomplete: "off", spellcheck: "false" });
  let timer = 0;
  let asked = 0;
  async function look() {
    const mine = ++asked;
    try {
      const found = await find(input.value.trim());
      if (mine !== asked) return;
      error.textContent = "";
      results.replaceChildren(...(found.length ? found.map((one) => h("li", {}, row(one))) : [h("li.empty", {}, "Nobody and nothing found.")]));
    } catch (failure) {
      error.textContent = failure.message;
    }
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") results.querySelector("button")?.focus();
    if (event.key === "Enter") event.preventDefault();
  });
  results.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...results.querySelectorAll("button")];
    (buttons[buttons.indexOf(document.activeElement) + step] ?? input).focus();
    event.preventDefault();
  });
  return { element: h("div.search", {}, input, error, results), look, input };
}

function person(user, testid, action, label) {
  return h("button.row", { type: "button", testid, "data-name": user.name, onclick: action, "aria-label": label ?? user.displayName },
    avatar(user.displayName, user.id), h("span.about", {}, h("span.title", {}, user.displayName), h("span.preview", {}, `@${user.name}`)));
}

/** Asks with whom; opened(conversation) gets the direct conversation. */
export function newDirect(me, opened, failed) {
  const find = search("Name of a person", "person-search",
    async (query) => (query ? (await api.people(query)).users.filter((user) => user.id !== me.id) : []),
    (user) => person(user, "person-result", async () => {
      box.close();
      try {
        opened(await api.create({ kind: "direct", user: user.id }));
      } catch (error) {
        failed(error.message);
      }
    }));
  const box = dialog("New conversation", "new-direct-dialog", find.element);
}

/** Asks for a title and people; opened(conversation) gets the group. */
export function newGroup(me, opened) {
  const chosen = new Map();
  const chips = h("ul.chips", { testid: "chosen" });
  const title = h("input", { type: "text", testid: "group-title", maxlength: "100", required: true, placeholder: "Title", "aria-label": "Title" });
  const open = h("input", { type: "checkbox", testid: "group-open" });
  const error = h("p.error", { role: "alert" });
  const find = search("Add people", "person-search",
    async (query) => (query ? (await api.people(query)).users.filter((user) => user.id !== me.id && !chosen.has(user.id)) : []),
    (user) => person(user, "person-result", () => {
      chosen.set(user.id, user);
      find.input.value = "";
      show();
      find.look();
      find.input.focus();
    }));
  function show() {
    chips.replaceChildren(...[...chosen.values()].map((user) => h("li", {}, user.displayName,
      h("button.quiet", { type: "button", "aria-label": `Leave out ${user.displayName}`, onclick: () => { chosen.delete(user.id); show(); } }, "✕"))));
  }
  const form = h("form", { onsubmit: create }, title, h("label.check", {}, open, "Anybody may find and join it"), chips, find.element, error,
    h("button.primary", { type: "submit", testid: "group-create" }, "Create group"));
  const box = dialog("New group", "new-group-dialog", form);
  title.focus();

  async function create(event) {
    event.preventDefault();
    try {
      const conversation = await api.create({ kind: "group", title: title.value.trim(), open: open.checked, members: [...chosen.keys()] });
      box.close();
      opened(conversation);
    } catch (failure) {
      error.textContent = failure.message;
    }
  }
}

/** Shows open groups; joined(id) gets the one that was joined. */
export function joinGroup(joined, failed) {
  const find = search("Title of a group", "group-search", async (query) => (await api.openGroups(query)).groups,
    (group) => h("button.row", { type: "button", testid: "group-result", onclick: async () => {
      box.close();
      try {
        await api.join(group.id);
        joined(group.id);
      } catch (error) {
        failed(error.message);
      }
    } }, avatar(group.title, group.id), h("span.about", {}, h("span.title", {}, group.title), h("span.preview", {}, `${group.memberCount} members`))));
  const box = dialog("Join a group", "join-group-dialog", find.element);
  find.look();
}

/** Shows who is in a group; the owner may take people out, everybody may add some and leave. */
export async function showMembers(conversation, me, nameOf, left) {
  const list = h("ul.results", { testid: "member-list" });
  const error = h("p.error", { role: "alert" });
  const more = h("button.quiet", { type: "button", onclick: () => load(last) }, "Show more");
  const find = search("Add a person", "person-search",
    async (query) => (query ? (await api.people(query)).users : []),
    (user) => person(user, "person-result", () => act(api.addMember(conversation.id, user.id)), `Add ${user.displayName}`));
  const leave = h("button.danger", { type: "button", testid: "leave", onclick: async () => {
    if (!confirm("Leave this group?")) return;
    await act(api.removeMember(conversation.id, me.id));
    box.close();
    left();
  } }, "Leave group");
  const box = dialog(`Members of ${conversation.title}`, "members-dialog", find.element, error, list, more, leave);
  let last;
  let owner = false;

  async function act(doing) {
    try {
      await doing;
      error.textContent = "";
      find.input.value = "";
      await load();
    } catch (failure) {
      error.textContent = failure.message;
    }
  }

  async function load(after) {
    const page = await api.members(conversation.id, after);
    if (!after) list.replaceChildren();
    owner ||= page.members.some(({ user, role }) => user.id === me.id && role === "owner");
    for (const { user, role } of page.members) {
      list.append(h("li.member", { testid: "member" }, avatar(user.displayName, user.id),
        h("span.about", {}, h("span.title", {}, user.displayName), h("span.preview", {}, role === "owner" ? "Owner" : `@${user.name}`)),
        owner && user.id !== me.id && h("button.quiet", { type: "button", testid: "remove-member", "aria-label": `Remove ${user.displayName}`,
          onclick: () => act(api.removeMember(conversation.id, user.id)) }, "Remove")));
    }
    last = page.members.at(-1)?.user.id;
    more.hidden = !page.more;
  }

  await act(Promise.resolve());
}
