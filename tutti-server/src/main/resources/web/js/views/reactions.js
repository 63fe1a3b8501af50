// Reactions to a message: those that are there, as switches, and the few that one can add at once.

import { h, iconButton } from "../ui/dom.js";

const QUICK = [["👍", "Thumbs up"], ["❤️", "Heart"], ["😂", "Tears of joy"], ["🎉", "Party popper"], ["😮", "Surprised"], ["😢", "Crying"]];

/** Where those that are there will be. */
export const reactionList = () => h("div.reactions", { role: "group", "aria-label": "Reactions", testid: "reactions", hidden: true });

/** Shows the reactions of a message in place: each says how many have it, and whether one has it oneself. */
export function showReactions(element, reactions = [], toggle) {
  const list = element.querySelector(".reactions");
  if (!list) return;
  const says = reactions.map(({ emoji, count, own }) => `${emoji}${count}${own}`).join(" ");
  if ((list.dataset.says ?? "") === says) return;
  list.dataset.says = says;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.emoji : null;
  const tabindex = element.contains(document.activeElement) ? 0 : -1;
  list.replaceChildren(...reactions.map(({ emoji, count, own }) =>
    h("button.reaction", { type: "button", testid: "reaction", tabindex, "data-emoji": emoji, "aria-pressed": String(own),
      onclick: () => toggle(emoji) }, h("span.emoji", {}, emoji), h("span.count", {}, String(count)))));
  list.hidden = reactions.length === 0;
  if (focused) ([...list.children].find((button) => button.dataset.emoji === focused) ?? element).focus({ preventScroll: true });
}

/** A button that opens a row of a few, and the row: {opener, element}. It closes with a choice, Escape, or when one goes elsewhere. */
export function quickReactions(choose) {
  const opener = iconButton("react", "React", { testid: "react", tabindex: -1, "aria-expanded": "false", onclick: () => (element.hidden ? open() : close()) });
  const element = h("div.quick", { role: "group", "aria-label": "React with", testid: "quick", hidden: true, onkeydown: escape, onfocusout: left,
    // a press moves the focus nowhere: where buttons get none by the mouse, the row would close before the click
    onmousedown: (event) => event.preventDefault() },
    QUICK.map(([emoji, name]) => h("button.emoji", { type: "button", testid: "quick-reaction", "data-emoji": emoji, "aria-label": name, title: name,
      onclick: () => chosen(emoji) }, emoji)));
  return { opener, element };

  function open() {
    element.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    element.firstElementChild.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  }

  function close() {
    const inside = element.contains(document.activeElement);
    element.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    if (inside) opener.focus({ preventScroll: true });
  }

  function chosen(emoji) {
    close();
    choose(emoji);
  }

  function escape(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  }

  function left({ relatedTarget }) {
    if (!element.contains(relatedTarget) && relatedTarget !== opener) {
      element.hidden = true;
      opener.setAttribute("aria-expanded", "false");
    }
  }
}
