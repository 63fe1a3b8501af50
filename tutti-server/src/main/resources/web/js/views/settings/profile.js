// How one is called, and what one says about oneself.

import * as api from "../../net/api.js";
import { h } from "../../ui/dom.js";
import { field, savedForm } from "./parts.js";

const ABOUT_AT_MOST = 500;

export function profileTopic({ chat, renamed }) {
  const { me } = chat.state;
  const name = h("input", { type: "text", testid: "profile-name", required: true, maxlength: 64, autocomplete: "name", value: me.displayName });
  const about = h("textarea", { testid: "profile-about", rows: 4, maxlength: ABOUT_AT_MOST });
  api.account().then((account) => {
    about.value ||= account.about;
  }).catch(() => {}); // it stays empty, and is not sent
  let written = false;
  about.addEventListener("input", () => (written = true));
  return savedForm("profile-form", "Save", [
    field("Display name", name, `Others see it. People find you as @${me.name}.`),
    field("About you", about, `Up to ${ABOUT_AT_MOST} characters`),
  ], async () => {
    const { displayName } = await api.changeAccount({ displayName: name.value.trim(), about: written ? about.value.trim() : undefined });
    me.displayName = displayName;
    renamed();
    return "Saved.";
  });
}
