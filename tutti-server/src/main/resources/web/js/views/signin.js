// Signing in and signing up.

import * as api from "../net/api.js";
import { h } from "../ui/dom.js";
import { showUnread } from "../ui/tab.js";

/** Shows the form in `place`; entered() is called when somebody has signed in. */
export function showSignIn(place, entered) {
  const title = h("h1", { testid: "signin-title" });
  const error = h("p.error", { role: "alert", testid: "signin-error" });
  const name = field("Name", "3 to 32 of a–z, 0–9 and . _ -", {
    testid: "name", name: "username", autocomplete: "username", required: true, minlength: 3, maxlength: 32,
    pattern: "[A-Za-z0-9._\\-]+", title: "Letters, digits and . _ -", autocapitalize: "none", spellcheck: "false",
  });
  const shown = field("Display name", "What others see; your name if empty", {
    testid: "display-name", name: "displayName", autocomplete: "name", maxlength: 64,
  });
  const password = field("Password", "At least 8 characters", {
    testid: "password", name: "password", type: "password", required: true, minlength: 8, maxlength: 256,
  });
  const submit = h("button.primary.wide", { type: "submit", testid: "signin-submit" });
  const question = h("span");
  const toggle = h("button.link", { type: "button", testid: "signup-toggle", onclick: () => turn(!registering) });
  const form = h("form.signin", { testid: "signin-form", onsubmit: enter, "aria-labelledby": "signin-title" },
    title, name.element, shown.element, password.element, error, submit, h("p.other", {}, question, " ", toggle));
  title.id = "signin-title";
  let registering = false;

  function turn(register) {
    registering = register;
    error.textContent = "";
    title.textContent = register ? "Create your account" : "Welcome back";
    submit.textContent = register ? "Sign up" : "Sign in";
    question.textContent = register ? "Already have an account?" : "New here?";
    toggle.textContent = register ? "Sign in" : "Create an account";
    shown.element.hidden = !register;
    name.hint.hidden = password.hint.hidden = !register;
    password.input.autocomplete = register ? "new-password" : "current-password";
    name.input.focus();
  }

  async function enter(event) {
    event.preventDefault();
    error.textContent = "";
    submit.disabled = true;
    try {
      const who = name.input.value.trim().toLowerCase();
      const secret = password.input.value;
      await (registering ? api.register(who, secret, shown.input.value.trim()) : api.login(who, secret));
      entered();
    } catch (problem) {
      error.textContent = words(problem, registering);
      submit.disabled = false;
      (problem.code === "conflict" ? name : password).input.focus();
    }
  }

  place.replaceChildren(h("main.welcome", {},
    h("header.welcome-brand", {},
      h("img", { src: "icon.svg", alt: "", width: 56, height: 56 }), h("p.name", {}, "Tutti"), h("p.motto", {}, "All together, and nothing lost.")),
    form));
  showUnread("");
  turn(false);
}

function words(problem, registering) {
  if (problem.code === "conflict" && registering) return "That name is taken.";
  if (problem.code === "unauthenticated") return "Name and password do not match.";
  if (problem.code === "rate_limited") {
    const seconds = Math.ceil((problem.retryAfterMs ?? 0) / 1000);
    return seconds ? `Too many attempts. Try again in ${seconds} s.` : "Too many attempts. Try again in a while.";
  }
  return problem.message;
}

function field(label, explanation, properties) {
  const hint = h("span.hint", { id: `${properties.testid}-hint` }, explanation);
  const input = h("input", { type: "text", "aria-describedby": hint.id, ...properties });
  return { input, hint, element: h("label.field", {}, h("span.label", {}, label), input, hint) };
}
