// The settings: a list of topics, and one of them beside it; on a phone above it.

import { h } from "../ui/dom.js";
import { roving } from "../ui/roving.js";
import { openDialog } from "./dialog.js";
import { accountTopic } from "./settings/account.js";
import { blocksTopic } from "./settings/blocks.js";
import { devicesTopic } from "./settings/devices.js";
import { emailTopic } from "./settings/email.js";
import { notificationsTopic } from "./settings/notifications.js";
import { passwordTopic } from "./settings/password.js";
import { profileTopic } from "./settings/profile.js";

const TOPICS = [
  ["profile", "Profile", profileTopic],
  ["notifications", "Notifications", notificationsTopic],
  ["devices", "Devices", devicesTopic],
  ["blocked", "Blocked people", blocksTopic],
  ["password", "Password", passwordTopic],
  ["email", "E-mail", emailTopic],
  ["account", "Account", accountTopic],
];

/** context: chat, alerts, failed(message), renamed() when one is called otherwise, ended() when the account is gone */
export function showSettings(context) {
  const panel = h("div.topic", { id: "topic", role: "tabpanel", testid: "topic", tabindex: -1 });
  const tabs = TOPICS.map(([name, title, build]) => h("button.tab", {
    type: "button", role: "tab", id: `topic-${name}`, testid: `topic-${name}`, "aria-controls": "topic",
    onclick: () => show(name, build),
  }, title));
  const list = h("div.tabs", { role: "tablist", "aria-label": "Topics", "aria-orientation": "vertical" }, tabs);
  const stops = roving(list, ".tab", { sideways: true });
  const dialog = openDialog("Settings", "settings-dialog", h("div.settings", {}, list, panel));
  dialog.classList.add("large");
  show(TOPICS[0][0], TOPICS[0][2]);
  stops();

  function show(name, build) {
    for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.id === `topic-${name}`));
    panel.setAttribute("aria-labelledby", `topic-${name}`);
    panel.scrollTop = 0;
    panel.replaceChildren(build({ ...context, close: () => dialog.close() }));
  }
}
