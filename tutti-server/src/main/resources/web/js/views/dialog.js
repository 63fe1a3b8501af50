// Modal dialogs: Escape, the cross and a click beside them close them, and the focus goes back to where it was.

import { h, iconButton } from "../ui/dom.js";
import { counterpart, regainFocus } from "../ui/focus.js";

/** Opens a dialog with a title. */
export function openDialog(title, testid, ...content) {
  const opener = document.activeElement;
  const key = opener?.closest("[data-key]")?.dataset.key;
  const dialog = h("dialog", {
    testid, "aria-label": title,
    onclose: () => {
      dialog.remove();
      regainFocus(...successors(opener, key));
    },
    onclick: (event) => event.target === dialog && dialog.close(),
  }, h("div.dialog", {},
    h("header", {}, h("h2", {}, title), iconButton("close", "Close", { testid: "dialog-close", onclick: () => dialog.close() })),
    ...content));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** The elements that may have the focus in place of the one that opened a dialog: that one was drawn anew meanwhile, or has gone. */
function successors(opener, key) {
  const place = key ? document.querySelector(`[data-key="${CSS.escape(key)}"]`) : document;
  return [opener && place && counterpart(opener, place), place !== document && place, document.querySelector("main [tabindex='0']")]
    .filter(Boolean);
}

/** Asks a question; resolves with whether the answer is yes. */
export function confirmed(question, explanation, yes) {
  return new Promise((resolve) => {
    const answer = (value) => {
      resolve(value);
      dialog.close();
    };
    const cancel = h("button", { type: "button", testid: "confirm-cancel", onclick: () => answer(false) }, "Cancel");
    const dialog = openDialog(question, "confirm-dialog",
      explanation && h("p", {}, explanation),
      h("div.buttons", {}, cancel,
        h("button.danger", { type: "button", testid: "confirm-yes", onclick: () => answer(true) }, yes)));
    dialog.setAttribute("role", "alertdialog");
    dialog.addEventListener("close", () => resolve(false));
    cancel.focus();
  });
}

/** A row that stands for a person, group or conversation, to be chosen. */
export const choice = (properties, picture, title, about, note) =>
  h("button.row", { type: "button", ...properties }, picture,
    h("span.about", {}, h("span.title", {}, title), h("span.preview", {}, about)), note && h("span.note", {}, note));
