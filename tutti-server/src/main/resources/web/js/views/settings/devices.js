// Where one is signed in, and how that ends.

import * as api from "../../net/api.js";
import { h } from "../../ui/dom.js";
import { keepPlace } from "../../ui/focus.js";
import { briefly, exactly } from "../../ui/time.js";
import { loadedList } from "./parts.js";

export function devicesTopic({ failed }) {
  const all = h("button.danger", { type: "button", testid: "end-others", hidden: true, onclick: () => end(() => api.endOtherSessions()) },
    "Sign out all other devices");
  const list = loadedList("sessions", "Devices", "", api.sessions, (sessions) => {
    all.hidden = sessions.length < 2;
    return sessions.sort((a, b) => b.current - a.current).map(row);
  });
  list.load();

  const row = (session) => h("li", { testid: "session" },
    h("span.about", {}, h("span.title", {}, session.device),
      h("span.preview", { title: exactly(session.usedAt) },
        [session.current ? "This device" : `Last used ${briefly(session.usedAt)}`, session.address].filter(Boolean).join(" · "))),
    !session.current && h("button", { type: "button", testid: "end-session", "aria-label": `Sign out ${session.device}`,
      onclick: () => end(() => api.endSession(session.id)) }, "Sign out"));

  async function end(ending) {
    await keepPlace(list.element, async () => {
      try {
        await ending();
      } catch (problem) {
        failed(problem.message);
      }
      await list.load();
    }, list.element);
  }

  return h("div.stack", {}, list.element, all);
}
