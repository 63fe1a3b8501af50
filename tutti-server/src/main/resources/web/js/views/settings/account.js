// All of one's data, and the end of the account.

import * as api from "../../net/api.js";
import { h } from "../../ui/dom.js";
import { field, savedForm } from "./parts.js";

export function accountTopic({ close, ended }) {
  const password = h("input", { type: "password", testid: "delete-password", autocomplete: "current-password", required: true, maxlength: 256 });
  const deletion = savedForm("delete-form", "Delete my account", [
    h("h3", {}, "Delete account"),
    h("p.hint", {}, "Your name, sessions, files and settings are deleted at once, and you leave all groups. Others keep the messages that you sent to them. This cannot be undone."),
    field("Password", password),
  ], async () => {
    await api.deleteAccount(password.value);
    close();
    ended();
  });
  deletion.querySelector("button[type=submit]").classList.add("danger");
  return h("div.stack", {},
    savedForm("export-form", "Download", [
      h("h3", {}, "Your data"), h("p.hint", {}, "As JSON: your account, sessions, blocked people, preferences, conversations and the messages that you wrote. It says which files you have, without what is in them, and leaves out reactions and what applications keep with your sessions."),
    ], async () => {
      const data = await api.exportAccount();
      save(data);
      return exportedWords(data);
    }),
    deletion);
}

/** The words for a download: the server bounds how many messages it has. */
export const exportedWords = ({ chat }) =>
  `Your download has begun.${chat.complete ? "" : " It lacks some of your messages, because your conversations have too many."}`;

function save(data) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }));
  h("a", { href: address, download: "account.json" }).click();
  URL.revokeObjectURL(address);
}
