// The texts that people write. Pure.

const LINK = /\bhttps?:\/\/[^\s<>"'`]+/gi;
const TRAILING = ".,;:!?…'\"*_~";
const BRACKETS = { ")": "(", "]": "[", "}": "{" };

/** The most that a message may have, in UTF-16 units. */
export const MAX_TEXT = 4_000;

/** A text in parts: {text} or {text, href}, where a link ends before punctuation that belongs to the sentence. */
export function parts(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const link = sentenceFree(match[0]);
    const href = addressOf(link);
    if (!href) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: link, href });
    from = match.index + link.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

function addressOf(link) {
  try {
    const { protocol, hostname, href } = new URL(link);
    return (protocol === "http:" || protocol === "https:") && hostname ? href : null;
  } catch {
    return null;
  }
}

/** Without the punctuation that ends it, and brackets that were opened before it. One step for each character: anybody may write it. */
function sentenceFree(link) {
  const surplus = {}; // of each closing bracket, how many more than are opened
  for (const close in BRACKETS) surplus[close] = 0;
  for (const char of link) {
    if (char in surplus) surplus[char]++;
    for (const close in BRACKETS) if (BRACKETS[close] === char) surplus[close]--;
  }
  let end = link.length;
  for (; end > 0; end--) {
    const last = link[end - 1];
    if (surplus[last] > 0) surplus[last]--;
    else if (!TRAILING.includes(last)) break;
  }
  return link.slice(0, end);
}

/** The part of a text that was typed or pasted that may be sent: no spaces around it, no control characters, no broken Unicode. */
export function sendable(typed) {
  return typed
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
    .trim();
}
