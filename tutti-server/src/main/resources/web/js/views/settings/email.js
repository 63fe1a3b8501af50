// The address to which a link is sent when the password is forgotten.

import * as api from "../../net/api.js";
import { h } from "../../ui/dom.js";
import { field, savedForm } from "./parts.js";

export function emailTopic() {
  const state = h("p", { role: "status", testid: "email-state" });
  const error = h("p.error", { role: "alert", testid: "email-error" });
  const address = h("input", { type: "email", testid: "email-address", autocomplete: "email", required: true, maxlength: 254 });
  const secret = (testid) => h("input", { type: "password", testid, autocomplete: "current-password", required: true, minlength: 8, maxlength: 256 });
  const password = secret("email-password");
  const removing = secret("email-remove-password");
  const removal = savedForm("email-remove-form", "Remove it", [
    h("h3", {}, "Remove the address"),
    h("p.hint", {}, "Nobody can be sent a link for a new password then. A mail tells the address that it was removed."),
    field("Password", removing),
  ], async () => {
    await api.removeEmail(removing.value);
    removing.value = "";
    show(null);
    address.focus();
  });
  removal.hidden = true;
  api.account().then((account) => show(account.email)).catch((problem) => (error.textContent = problem.message));

  /** The server keeps confirmed addresses alone. */
  function show(email) {
    state.textContent = email ? `${email} is confirmed: a link for a new password is sent there.`
      : "You have no confirmed address. Without one a forgotten password cannot be replaced.";
    removal.hidden = !email;
  }

  return h("div.stack", {}, state, error, savedForm("email-form", "Send a mail", [
    field("E-mail address", address, "It is yours when you have followed the link in the mail that is sent there."),
    field("Password", password),
  ], async () => {
    const asked = address.value.trim();
    await api.requestEmail(asked, password.value);
    password.value = "";
    return `A mail was sent to ${asked}. Nothing has changed until you follow its link, within an hour.`;
  }), removal);
}
