// Whether one is told of messages outside of the page.

import { h } from "../../ui/dom.js";
import { choiceSwitch } from "./parts.js";

export function notificationsTopic({ alerts }) {
  const error = h("p.error", { role: "alert", testid: "notifications-error" });

  /** Gives how it is now. */
  async function chosen(on, choose) {
    error.textContent = "";
    try {
      if (await choose() !== false) return on;
      error.textContent = "This browser does not let this page show notifications. Its own settings allow them.";
    } catch (problem) {
      error.textContent = problem.message;
    }
    return !on;
  }

  return h("div.stack", {},
    choiceSwitch("notify-desktop", "Desktop notifications", "For messages while you look elsewhere", alerts.shown,
      (on) => chosen(on, () => alerts.chooseDesktop(on))),
    choiceSwitch("notify-sound", "Sound", "Two short tones, at most once a second", alerts.sound,
      (on) => chosen(on, () => alerts.chooseSound(on))),
    error);
}
