// How one is called, what one looks like, and what one says about oneself.

import * as api from "../../net/api.js";
import { avatar, h } from "../../ui/dom.js";
import { regainFocus } from "../../ui/focus.js";
import { squareOf } from "../../ui/picture.js";
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
  return h("div.stack", {}, pictureChoice(chat, renamed), savedForm("profile-form", "Save", [
    field("Display name", name, `Others see it. People find you as @${me.name}.`),
    field("About you", about, `Up to ${ABOUT_AT_MOST} characters`),
  ], async () => {
    const { displayName } = await api.changeAccount({ displayName: name.value.trim(), about: written ? about.value.trim() : undefined });
    chat.state.me.displayName = displayName;
    renamed();
    return "Saved.";
  }));
}

/** One's picture, and what gives one another or none. */
function pictureChoice(chat, renamed) {
  const shown = h("span.face", { testid: "profile-picture" });
  const error = h("p.error", { role: "alert", testid: "picture-error" });
  const file = h("input", { type: "file", accept: "image/*", testid: "picture-file", hidden: true, onchange: () => {
    const [picture] = file.files;
    file.value = "";
    if (picture) void change(async () => (await api.putAvatar(await squareOf(picture))).avatar);
  } });
  const choose = h("button", { type: "button", testid: "picture-choose", onclick: () => file.click() }, "Choose a picture");
  const remove = h("button", { type: "button", testid: "picture-remove", onclick: () => change(async () => void (await api.removeAvatar())) }, "Remove it");
  show();
  return h("section.portrait", { "aria-label": "Your picture" }, shown, h("div.buttons", {}, choose, remove, file), error);

  function show() {
    const { me } = chat.state;
    shown.replaceChildren(avatar(me.displayName, me.id, me.avatar));
    remove.hidden = !me.avatar;
  }

  async function change(made) {
    error.textContent = "";
    choose.disabled = remove.disabled = true; // one change at a time
    try {
      const picture = await made();
      chat.state.me.avatar = picture; // which may be another object since
      show();
      renamed();
    } catch (problem) {
      error.textContent = problem.message;
    }
    choose.disabled = remove.disabled = false;
    regainFocus(choose);
  }
}
