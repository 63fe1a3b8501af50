// Where links in mails lead: a new password, or an e-mail address that is somebody's. The token is behind the # and is sent once.

import * as api from "./net/api.js";
import { h } from "./ui/dom.js";
import { regainFocus } from "./ui/focus.js";

const [purpose, token] = location.hash.slice(1).split("=", 2);
history.replaceState(null, "", location.pathname); // out of the address, and of the history
addEventListener("hashchange", () => location.reload()); // another link, in the same tab
const error = h("p.error", { role: "alert", testid: "mail-error" });

const password = h("input", {
  type: "password", testid: "new-password", autocomplete: "new-password", required: true, minlength: 8, maxlength: 256,
});
const forms = {
  reset: () => form("Set a new password", "Set the password", [
    h("label.field", {}, h("span.label", {}, "New password"), password)],
    () => api.resetPassword(token, password.value), "Your password is set, and all your sessions have ended."),
  email: () => form("Confirm your e-mail address", "It is mine", [],
    () => api.confirmEmail(token), "Your e-mail address is confirmed."),
};

function form(title, action, fields, act, done) {
  const submit = h("button.primary.wide", { type: "submit", testid: "mail-submit" }, action);
  const place = h("form.signin", { "aria-labelledby": "title", onsubmit: run }, h("h1", { id: "title" }, title), ...fields, error, submit);

  async function run(event) {
    event.preventDefault();
    error.textContent = "";
    submit.disabled = true;
    try {
      await act();
      const on = h("a", { href: "./", testid: "mail-on" }, "Sign in");
      place.replaceChildren(h("h1", { id: "title" }, title), h("p", { role: "status", testid: "mail-done" }, done), on);
      on.focus();
    } catch (problem) {
      error.textContent = problem.message;
      submit.disabled = false;
      regainFocus(submit);
    }
  }
  return place;
}

document.getElementById("app").replaceChildren(h("main.welcome", {},
  token && forms[purpose] ? forms[purpose]() : h("h1", {}, "This link is incomplete. Copy all of it.")));
