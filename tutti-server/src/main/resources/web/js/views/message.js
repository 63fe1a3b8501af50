// One message, as an element.

import { avatar, h, icon, iconButton } from "../ui/dom.js";
import { parts } from "../ui/text.js";
import { exactly, timeOfDay } from "../ui/time.js";
import { attachmentList } from "./attachments.js";
import { quickReactions, reactionList } from "./reactions.js";

/**
 * A message that the server has. look: own, opens (a run of one sender's), name, picture, named (whether to show them),
 * fresh (just said), quote ({name, text, seq} or null), mayEdit, mayDelete. actions: react(message, emoji), reply(message), copy(message), edit(message),
 * remove(message), jump(seq).
 */
export function messageElement(message, look, actions) {
  const quick = message.deleted ? null : quickReactions((emoji) => actions.react(message, emoji));
  return h(`article.message${look.own ? ".own" : ""}`, {
    testid: "message", tabindex: -1, "data-seq": message.seq, "data-own": String(look.own),
    "data-opens": String(look.opens), "data-fresh": look.fresh || null,
    "aria-label": `${look.own ? "You" : look.name}, ${timeOfDay(message.at)}`,
  },
  look.named && (look.opens ? avatar(look.name, message.sender, look.picture) : h("span.avatar.gap")),
  h("div.bubble", {},
    look.named && look.opens && h("p.sender", { testid: "sender" }, look.name),
    look.quote && quoteElement(look.quote, actions),
    message.deleted
      ? h("p.text.deleted", { testid: "message-text" }, "Message deleted")
      : said(message),
    h("p.meta", {},
      message.editedAt && !message.deleted && h("span", { testid: "edited", title: `Edited ${exactly(message.editedAt)}` }, "edited"),
      h("time", { datetime: message.at, title: exactly(message.at) }, timeOfDay(message.at)),
      look.own && !message.deleted && h("span.status", { testid: "message-status" })),
    !message.deleted && reactionList()),
  !message.deleted && h("div.actions", { role: "group", "aria-label": "Message" },
    quick.opener,
    iconButton("reply", "Reply", { testid: "reply", tabindex: -1, onclick: () => actions.reply(message) }),
    message.text && navigator.clipboard && iconButton("copy", "Copy text", { testid: "copy", tabindex: -1, onclick: () => actions.copy(message) }),
    look.mayEdit && iconButton("pencil", "Edit message", { testid: "edit", tabindex: -1, onclick: () => actions.edit(message) }),
    look.mayDelete && iconButton("trash", "Delete message", { testid: "delete", tabindex: -1, onclick: () => actions.remove(message) })),
  quick?.element);
}

/** Shows whether others have read it, in place. */
export function showStatus(element, readers) {
  const status = readers > 0 ? "read" : "sent";
  if (element.dataset.state === status) return;
  element.dataset.state = status;
  element.querySelector(".status")?.replaceChildren(icon(status), h("span.unseen", {}, readers > 0 ? "Read" : "Sent"));
}

/** The message that a message answers; it leads there. */
const quoteElement = ({ name, text, seq }, actions) =>
  h("button.quote", { type: "button", testid: "quote", onclick: () => actions.jump(seq) },
    h("span.title", {}, name), h("span.preview", { dir: "auto" }, text));

/** A message that waits in the outbox, or was refused. look: opens, fresh, quote. actions: retry(id), discard(id), jump(seq). */
export function waitingElement(waiting, look, actions) {
  const refused = waiting.refused;
  return h("article.message.own", {
    testid: "message-pending", tabindex: -1, "data-own": "true", "data-state": refused ? "refused" : "sending",
    "data-opens": String(look.opens), "data-fresh": look.fresh || null,
    "aria-label": refused ? "You, not sent" : "You, sending",
  },
  h("div.bubble", {},
    look.quote && quoteElement(look.quote, actions),
    said(waiting),
    h("p.meta", {}, h("time", { datetime: waiting.at }, timeOfDay(waiting.at)),
      h("span.status", { testid: "message-status" }, !refused && icon("waiting"), h("span.unseen", {}, refused ? "Not sent" : "Sending")))),
  refused && h("div.refusal", {}, h("span.error", { role: "alert", testid: "refusal" }, `Not sent: ${refused}`),
    h("button.link", { type: "button", testid: "retry", onclick: () => actions.retry(waiting.id) }, "Try again"),
    h("button.link", { type: "button", testid: "discard", onclick: () => actions.discard(waiting.id) }, "Discard")));
}

/** Attachments and text; outboxes from before know no attachments. */
const said = ({ text, attachments }) => [
  attachments?.length > 0 && attachmentList(attachments),
  text && h("p.text", { testid: "message-text", dir: "auto" }, linked(text)),
];

function linked(text) {
  return parts(text).map((part) =>
    part.href ? h("a", { href: part.href, target: "_blank", rel: "noopener noreferrer nofollow" }, part.text) : part.text);
}
