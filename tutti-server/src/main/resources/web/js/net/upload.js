// Sends a file to the server, and says how far it has come: fetch cannot.

import { withCredentials } from "./api.js";
import { Problem, unreachable } from "./problem.js";

/** progress(share) is told now and then. Gives {id, name, bytes, type}; throws a Problem. `signal` ends it. */
export const upload = (file, options) => withCredentials(() => send(file, options));

function send(file, { progress, signal }) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw unreachable(); // while the credentials were renewed
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status === 201 && answer) resolve({ id: answer.id, name: answer.name, bytes: answer.bytes, type: answer.type });
      else reject(answer?.error ? new Problem(answer.error) : unreachable());
    });
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("abort", () => reject(unreachable()));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", `/api/files?${new URLSearchParams({ name: nameOf(file) })}`);
    request.send(file);
  });
}

/** A name that files may have: what is pasted has none, perhaps. */
const nameOf = ({ name }) => name.replace(/[\p{C}/\\]/gu, "").trim().slice(-200) || "file";

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
