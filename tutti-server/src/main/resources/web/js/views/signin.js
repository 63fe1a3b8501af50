// Signing in, signing up, and a new password for those who have forgotten theirs.

import * as api from "../net/api.js";
import { h } from "../ui/dom.js";
import { showUnread } from "../ui/tab.js";

/** Shows the form in `place`; entered() is called when somebody has signed in. The server is asked who may sign up. */
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
  const invitation = field("Invitation", "The code that you were given; here one needs it for an account", {
    testid: "invitation", name: "invitation", autocomplete: "off", maxlength: 100, autocapitalize: "none", spellcheck: "false",
  });
  const submit = h("button.primary.wide", { type: "submit", testid: "signin-submit" });
  const lost = h("p.other", {}, h("button.link", {
    type: "button", testid: "forgot-password", onclick: () => exchange(forgottenForm(() => { exchange(form); turn(false); })),
  }, "Forgot your password?"));
  const question = h("span");
  const toggle = h("button.link", { type: "button", testid: "signup-toggle", onclick: () => turn(!registering) });
  const choice = h("p.other", { hidden: true }, question, " ", toggle); // until it is known who may sign up
  const form = h("form.signin", { testid: "signin-form", onsubmit: enter, "aria-labelledby": "signin-title" },
    title, name.element, shown.element, password.element, invitation.element, error, submit, lost, choice);
  title.id = "signin-title";
  let registering = false;
  let byInvitation = false;

  function turn(register) {
    registering = register;
    error.textContent = "";
    title.textContent = register ? "Create your account" : "Welcome back";
    submit.textContent = register ? "Sign up" : "Sign in";
    question.textContent = register ? "Already have an account?" : "New here?";
    toggle.textContent = register ? "Sign in" : "Create an account";
    shown.element.hidden = !register;
    invitation.element.hidden = !(register && byInvitation);
    invitation.input.required = register && byInvitation;
    lost.hidden = register;
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
      const code = byInvitation ? invitation.input.value.trim() : "";
      await (registering ? api.register(who, secret, shown.input.value.trim(), code) : api.login(who, secret));
      entered();
    } catch (problem) {
      error.textContent = words(problem, registering);
      submit.disabled = false;
      const refused = problem.code === "conflict" ? name : registering && problem.code === "forbidden" && byInvitation ? invitation : password;
      refused.input.focus();
    }
  }

  function exchange(another) {
    place.querySelector("form.signin").replaceWith(another);
    another.querySelector("input").focus();
  }

  async function askWhoMaySignUp() {
    const policy = await api.registration().catch(() => "open"); // it says so itself when one signs up
    byInvitation = policy === "invite";
    choice.hidden = policy === "closed";
  }

  place.replaceChildren(h("main.welcome", {},
    h("header.welcome-brand", {},
      h("img", { src: "icon.svg", alt: "", width: 56, height: 56 }), h("p.name", {}, "Tutti"), h("p.motto", {}, "All together, and nothing lost.")),
    form));
  showUnread("");
  turn(false);
  void askWhoMaySignUp();
}

/** Asks for a link by mail; back() leads to where one signs in. The server does not tell whether anybody has the address. */
function forgottenForm(back) {
  const email = field("E-mail address", "The one that you have confirmed in your settings", {
    type: "email", testid: "forgotten-email", name: "email", autocomplete: "email", required: true, maxlength: 254,
  });
  const error = h("p.error", { role: "alert", testid: "forgotten-error" });
  const done = h("p.done", { role: "status", testid: "forgotten-done" });
  const submit = h("button.primary.wide", { type: "submit", testid: "forgotten-submit" }, "Send me a link");
  return h("form.signin", { testid: "forgotten-form", onsubmit: send, "aria-labelledby": "forgotten-title" },
    h("h1", { id: "forgotten-title" }, "Forgot your password?"), email.element, error, done, submit,
    h("p.other", {}, h("button.link", { type: "button", testid: "forgotten-back", onclick: back }, "Back to signing in")));

  async function send(event) {
    event.preventDefault();
    error.textContent = done.textContent = "";
    submit.disabled = true;
    try {
      await api.requestReset(email.input.value.trim());
      done.textContent = "If an account has this address, it is sent a link with which a new password can be set within an hour.";
    } catch (problem) {
      error.textContent = words(problem, false);
    }
    submit.disabled = false;
  }
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
