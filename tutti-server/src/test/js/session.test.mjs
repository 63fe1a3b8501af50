// Tabs of one browser, which share the credentials: what one of them does about them, the others notice.

import { storage } from "./fixture/browser.mjs";
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { enteredElsewhere, forgetUser, Session } from "../../main/resources/web/js/net/session.js";

/** Tabs of a browser in which `user` was signed in. */
function browser(user) {
  const entries = new Map(user ? [["tutti.user", user]] : []);
  const tabs = [];
  return () => {
    const listeners = new Set();
    tabs.push(listeners);
    const others = (key, newValue) => tabs.filter((each) => each !== listeners)
      .forEach((each) => [...each].forEach((listener) => listener({ key, newValue })));
    const own = {
      localStorage: storage(entries, others),
      addEventListener: (_, listener, { signal } = {}) => {
        listeners.add(listener);
        signal?.addEventListener("abort", () => listeners.delete(listener));
      },
      removeEventListener: (_, listener) => listeners.delete(listener),
    };
    return (task) => {
      Object.assign(globalThis, own);
      return task();
    };
  };
}

const sessions = [];

function session(user, told = {}) {
  const fresh = new Session(user, { renewed: () => {}, ended: () => {}, replaced: () => {}, ...told });
  sessions.push(fresh);
  return fresh;
}

afterEach(() => sessions.splice(0).forEach((each) => each.close()));

test("a tab that asks who one is notices when the same person signs in again in another", () => {
  const opens = browser("a"); // whose session has run out while no page was open
  const [first, second] = [opens(), opens()];
  let entered = 0;
  second(() => {
    forgetUser(); // as the server knew of nobody
    enteredElsewhere(() => entered++);
  });
  first(() => session("a"));
  assert.equal(entered, 1);
});

test("a tab in which somebody is signed in begins anew when another one signs out, or in as somebody else", () => {
  const opens = browser(null);
  const [first, second] = [opens(), opens()];
  let replaced = 0;
  first(() => session("a", { replaced: () => replaced++ }));
  const same = second(() => session("a", { replaced: () => replaced++ }));
  assert.equal(replaced, 0);
  second(() => same.close());
  const other = second(() => session("b"));
  assert.equal(replaced, 1);
  second(() => other.ended());
  assert.equal(replaced, 2);
});

test("a session that has ended takes nothing from whoever has signed in since", () => {
  const open = browser(null)();
  const old = open(() => session("a"));
  open(() => session("b"));
  open(() => old.ended());
  assert.equal(open(() => localStorage.getItem("tutti.user")), "b");
});
