// The part of a text in which words are that were searched for. Pure.

const BEFORE = 40;
const LENGTH = 160;

/** The words of a search that are looked for, not those that must not be there. */
export const wordsOf = (query) =>
  [...query.matchAll(/(-?)([\p{L}\p{N}]+)/gu)].filter(([, not, word]) => !not && word.toLowerCase() !== "or").map(([, , word]) => word);

/** A text, or a part of it, in pieces: {text, found: whether it is one of the words or begins with it}. */
export function excerpt(text, words) {
  if (words.length === 0) return [{ text: text.slice(0, LENGTH) }];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})`, "giu");
  const first = text.search(pattern);
  const from = first > BEFORE ? text.lastIndexOf(" ", first - BEFORE / 2) + 1 : 0;
  const shown = (from > 0 ? "…" : "") + text.slice(from, from + LENGTH);
  const pieces = [];
  let end = 0;
  for (const match of shown.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: shown.slice(end, match.index) });
    pieces.push({ text: match[0], found: true });
    end = match.index + match[0].length;
  }
  if (end < shown.length) pieces.push({ text: shown.slice(end) });
  return pieces;
}
