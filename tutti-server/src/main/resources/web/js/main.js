// Begins: with the chat for who is signed in, with the form for who is not.

import { Chat } from "./chat/chat.js";
import * as api from "./net/api.js";
import { enteredElsewhere, forgetUser, Session } from "./net/session.js";
import { h, perFrame } from "./ui/dom.js";
import { fitToKeyboard } from "./ui/tab.js";
import { Page } from "./views/page.js";
import { showSignIn } from "./views/signin.js";

const place = document.getElementById("app");
const RETRY_MS = 1_000;
const RETRY_AT_MOST_MS = 8_000;

/** Goes on with the session that the browser's cookies stand for, if they do. It may have run out while no page was open. */
async function begin(attempt = 0) {
  const overview = await api.overview().catch((problem) => {
    if (problem.credentials) {
      forgetUser();
      askWho();
    } else wait(() => begin(attempt + 1), problem, attempt);
  });
  if (overview) enter(overview);
}

function enter(overview) {
  const session = new Session(overview.me.id, {
    renewed: (socketToken) => chat.renewed(socketToken),
    ended: () => ended(),
    replaced: () => location.reload(), // somebody else's cookies are in use now
  });
  const chat = new Chat(overview, session, {
    changed: perFrame(() => page?.render()),
    status: () => page?.showStatus(),
    moved: (instance) => page?.moved(instance),
    said: (conversation, message) => page?.said(conversation, message),
    left: (conversation, unsent) => page?.left(conversation, unsent),
    invited: (user) => page?.invited(user),
    ended: () => ended(),
  });
  let page = new Page(chat, () => leave());
  place.replaceChildren(page.element);
  page.begin();

  function ended() {
    session.ended();
    leave();
  }

  function leave() {
    if (!page) return;
    page.close();
    page = null;
    chat.close();
    askWho();
  }
}

function askWho() {
  const stop = enteredElsewhere(() => begin());
  showSignIn(place, () => {
    stop();
    begin();
  });
}

function wait(task, problem, attempt) {
  place.replaceChildren(h("p.splash", { role: "status", testid: "unreachable" }, "The server cannot be reached. Trying again…"));
  setTimeout(task, problem.retryAfterMs ?? Math.min(RETRY_MS * 2 ** attempt, RETRY_AT_MOST_MS));
}

fitToKeyboard();
begin();
