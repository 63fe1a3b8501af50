// Signing in and signing up.

import * as api from "./api.js";
import { h } from "./dom.js";

/** Shows the form in `place`; calls done(session) when somebody has signed in. */
export function showSignIn(place, done) {
  let registering = false;
  const error = h("p.error", { role: "alert", testid: "signin-error" });
  const title = h("h1", {}, "Sign in");
  const name = field("Name", "name", { autocomplete: "username", minlength: 3, maxlength: 32, required: true, autocapitalize: "none", spellcheck: "false" });
  const shown = field("Shown to others as", "display-name", { autocomplete: "name", maxlength: 64, placeholder: "as your name" });
  const password = field("Password", "password", { type: "password", autocomplete: "current-password", minlength: 8, maxlength: 256, required: true });
  const submit = h("button.primary", { type: "submit", testid: "signin-submit" }, "Sign in");
  const toggle = h("button.quiet", { type: "button", testid: "signup-toggle", onclick: () => turn(!registering) });
  const form = h("form.card.signin", { testid: "signin-form", onsubmit: enter }, 
    h("div.brand", {}, h("img", { src: "icon.svg", alt: "", width: "40", height: "40" }), h("span", {}, "Tutti")),
    title, name.label, shown.label, password.label, error, submit, toggle);

  function turn(register) {
    registering = register;
    error.textContent = "";
    title.textContent = submit.textContent = register ? "Create an account" : "Sign in";
    toggle.textContent = register ? "I have an account" : "I am new here";
    shown.label.hidden = !register;
    password.input.autocomplete = register ? "new-password" : "current-password";
    name.input.focus();
  }

  async function enter(event) {
    event.preventDefault();
    error.textContent = "";
    submit.disabled = true;
    try {
      const who = name.input.value.trim().toLowerCase();
      done(registering
        ? await api.register(who, password.input.value, shown.input.value.trim())
        : await api.login(who, password.input.value));
    } catch (failure) {
      error.textContent = failure.message;
      submit.disabled = false;
      password.input.focus();
    }
  }

  place.replaceChildren(h("main.signin-page", {}, form));
  document.title = "Tutti";
  turn(false);
}

function field(text, testid, properties) {
  const input = h("input", { testid, type: "text", ...properties });
  return { input, label: h("label.field", {}, h("span", {}, text), input) };
}
