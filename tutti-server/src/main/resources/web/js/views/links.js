// Invitation links: the owner of a group makes, copies and revokes them; somebody who opens one sees the group and joins.

import * as api from "../net/api.js";
import { h, iconButton } from "../ui/dom.js";
import { keepPlace, regainFocus } from "../ui/focus.js";
import { dateOf, timeOfDay } from "../ui/time.js";
import { openDialog } from "./dialog.js";
import { people } from "./find.js";

const LASTS = [[24, "for a day"], [168, "for a week"], [720, "for 30 days"]];
const USES = [1, 5, 25, 100, 1_000];
const ADDRESS = /^join=([A-Za-z0-9_-]{43})$/;

/** The token of an invitation link in the part of the address behind #, or null. */
export const tokenOf = (hash) => ADDRESS.exec(hash)?.[1] ?? null;

/** The part of the group's dialog in which its owner deals with links; show() loads them. actions: failed(message), done(message) */
export function linkSection(conversation, actions) {
  const uses = select("link-uses", "How many may join", USES.map((count) => [count, count === 1 ? "1 person" : `${count} people`]), 25);
  const lasts = select("link-hours", "How long it lasts", LASTS, 168);
  const made = h("input", { type: "text", testid: "link-made", readonly: true, hidden: true, "aria-label": "Invitation link", onfocus: () => made.select() });
  const list = h("ul.members", { testid: "links", "aria-label": "Invitation links" });
  const copyButton = h("button", { type: "submit", testid: "link-copy" }, "Copy invitation link");
  const element = h("section.links", { "aria-label": "Invitation link", hidden: true },
    h("form.rename", { onsubmit: make }, uses, lasts, copyButton), made, list);
  let asked = 0;
  return { element, show };

  async function show() {
    element.hidden = false;
    const mine = ++asked;
    await attempt(async () => {
      const rows = (await api.groupLinks(conversation.id)).map(row);
      if (mine === asked) list.replaceChildren(...rows); // the answer to an earlier question may come later
    });
  }

  async function make(event) {
    event.preventDefault();
    await attempt(async () => {
      const token = await api.makeGroupLink(conversation.id, { uses: Number(uses.value), hours: Number(lasts.value) });
      made.value = `${location.origin}${location.pathname}#join=${token}`;
      made.hidden = false;
      await show();
      await copy();
    });
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(made.value);
      actions.done("Copied");
    } catch {
      made.focus(); // no clipboard here: it is to be copied by hand
    }
  }

  function row({ id, usesLeft, expiresAt }) {
    const words = `${usesLeft === 1 ? "1 person" : `${usesLeft} people`} may join until ${dateOf(expiresAt)}, ${timeOfDay(expiresAt)}`;
    return h("li", { testid: "link" }, h("span.about", {}, words),
      iconButton("trash", `Revoke the link: ${words}`, { testid: "link-revoke", onclick: () => keepPlace(list, () => revoke(id), copyButton) }));
  }

  function revoke(id) {
    return attempt(async () => {
      await api.revokeGroupLink(conversation.id, id);
      made.hidden = true;
      await show();
    });
  }

  async function attempt(doing) {
    try {
      await doing();
    } catch (problem) {
      actions.failed(problem.message);
    }
  }
}

const select = (testid, label, options, chosen) =>
  h("select", { testid, "aria-label": label }, options.map(([value, words]) => h("option", { value: String(value), selected: value === chosen }, words)));

function tryAgain(problem, again) {
  const button = h("button.primary.wide", { type: "button", testid: "join-again", onclick: () => (dialog.close(), again()) }, "Try again");
  const dialog = openDialog("Your invitation cannot be shown now", "join-dialog", h("p.error", { role: "alert" }, problem.message), button);
  button.focus();
}

/** Shows where a link leads. actions: open(id), failed(message) */
export async function showJoin(chat, token, actions) {
  let group;
  try {
    group = await api.lookAtGroupLink(token);
  } catch (problem) {
    if (problem.code === "not_found") actions.failed(problem.message);
    else tryAgain(problem, () => showJoin(chat, token, actions)); // the address does not have the token any more
    return;
  }
  if (group.conversation) {
    actions.open(group.conversation);
    return;
  }
  const error = h("p.error", { role: "alert" });
  const join = h("button.primary.wide", { type: "button", testid: "join", onclick: enter }, "Join group");
  const dialog = openDialog(`Join “${group.title}”?`, "join-dialog",
    h("p", {}, `You are invited to this group of ${people(group.memberCount)}.`), error, join);
  join.focus();

  async function enter() {
    join.disabled = true;
    try {
      const id = await chat.joinByLink(token);
      dialog.close();
      actions.open(id);
    } catch (problem) {
      error.textContent = problem.message;
      join.disabled = false;
      regainFocus(join);
    }
  }
}
