// Another password.

import * as api from "../../net/api.js";
import { h } from "../../ui/dom.js";
import { field, savedForm } from "./parts.js";

export function passwordTopic({ chat }) {
  const input = (testid, autocomplete) => h("input", { type: "password", testid, autocomplete, required: true, minlength: 8, maxlength: 256 });
  const current = input("current-password", "current-password");
  const next = input("next-password", "new-password");
  return savedForm("password-form", "Change password", [
    h("input", { type: "text", autocomplete: "username", value: chat.state.me.name, hidden: true, readonly: true }), // for password managers
    field("Current password", current),
    field("New password", next, "At least 8 characters. All your other devices are signed out."),
  ], async () => {
    await api.changePassword(current.value, next.value);
    current.value = next.value = "";
    return "Your password is changed.";
  });
}
