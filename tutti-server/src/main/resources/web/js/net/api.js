// The REST API. Credentials are cookies that no script can read.

import { Problem, unreachable } from "./problem.js";

const ANSWER_WITHIN_MS = 15_000;

let renewing = null;
let accessUntil = null;

/** When the credentials that were got last run out; null before there were any. */
export const lastAccessUntil = () => accessUntil;

async function send(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": body instanceof Blob ? body.type : "application/json" },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.status === 202 || response.status === 204) return null;
    const answer = await response.json();
    if (response.ok) return answer;
    if (answer?.error) throw new Problem(answer.error);
  } catch (failure) {
    throw failure instanceof Problem ? failure : unreachable();
  }
  throw unreachable(); // not this server's answer: a proxy's, in general
}

/** Does a task that asks; when the access token has run out, renews it once and does it again. */
export async function withCredentials(task) {
  try {
    return await task();
  } catch (problem) {
    if (!problem.credentials || problem.code === "session_revoked") throw problem;
    await renew();
    return task();
  }
}

const ask = (method, path, body) => withCredentials(() => send(method, path, body));

async function credentials(path, body) {
  const answer = await send("POST", path, { ...body, cookies: true });
  accessUntil = answer.expiresAt;
  return answer;
}

/** Renews the credentials; callers at the same time share one request. Gives {user, expiresAt, socketToken}. */
export function renew() {
  renewing ??= credentials("/api/auth/refresh").finally(() => (renewing = null));
  return renewing;
}

const of = (conversation) => `/api/conversations/${encodeURIComponent(conversation)}`;
const query = (parameters) => {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `?${new URLSearchParams(given)}` : "";
};

/** The people who may make an account: "open" everybody, "invite" those with an invitation, "closed" nobody. */
export const registration = async () => (await send("GET", "/api/auth/registration")).registration;
export const register = (name, password, displayName, invitation) => credentials("/api/auth/register",
  { name, password, displayName: displayName || undefined, invitation: invitation || undefined });
export const login = (name, password) => credentials("/api/auth/login", { name, password });
export const logout = () => ask("POST", "/api/auth/logout", {});
export const requestReset = (email) => send("POST", "/api/auth/reset", { email });
export const resetPassword = (token, password) => send("POST", "/api/auth/reset/confirm", { token, password });
export const confirmEmail = (token) => send("POST", "/api/auth/email/confirm", { token });

export const overview = () => ask("GET", "/api/chat");
export const people = async (prefix) => (await ask("GET", `/api/users${query({ query: prefix })}`)).users;
export const openGroups = async (prefix) => (await ask("GET", `/api/groups${query({ query: prefix })}`)).groups;

export const searchMessages = (words, after) => ask("GET", `/api/chat/search${query({ query: words, after })}`);

export const invitations = () => ask("GET", "/api/invitations");
export const accept = (id) => ask("POST", `${of(id)}/accept`, {});
export const decline = (id) => ask("POST", `${of(id)}/decline`, {});
export const create = (wish) => ask("POST", "/api/conversations", wish);
export const conversation = (id) => ask("GET", of(id));
export const rename = (id, title) => ask("PATCH", of(id), { title });
export const history = (id, before, limit = 50) => ask("GET", `${of(id)}/messages${query({ before, limit })}`);
export const join = (id) => ask("POST", `${of(id)}/join`, {});
export const members = (id, after) => ask("GET", `${of(id)}/members${query({ after, limit: 100 })}`);
export const addMember = (id, user) => ask("POST", `${of(id)}/members`, { user });
export const removeMember = (id, user) => ask("DELETE", `${of(id)}/members/${encodeURIComponent(user)}`);

export const groupLinks = async (id) => (await ask("GET", `${of(id)}/links`)).links;
export const makeGroupLink = async (id, wish) => (await ask("POST", `${of(id)}/links`, wish)).token;
export const revokeGroupLink = (id, link) => ask("DELETE", `${of(id)}/links/${encodeURIComponent(link)}`);
export const lookAtGroupLink = (token) => ask("POST", "/api/invitations/link", { token });
export const joinByGroupLink = (token) => ask("POST", "/api/invitations/link/join", { token });

export const deleteFile = (id) => ask("DELETE", `/api/files/${encodeURIComponent(id)}`);
export const file = (id) => ask("GET", `/api/files/${encodeURIComponent(id)}`);
export const account = () => ask("GET", "/api/account");
export const changeAccount = (change) => ask("PATCH", "/api/account", change);
export const putAvatar = (picture) => ask("PUT", "/api/account/avatar", picture);
export const removeAvatar = () => ask("DELETE", "/api/account/avatar");
export const changePassword = (currentPassword, password) => ask("POST", "/api/account/password", { currentPassword, password });
export const requestEmail = (email, password) => ask("PUT", "/api/account/email", { email, password });
export const removeEmail = (password) => ask("POST", "/api/account/email/delete", { password });
export const deleteAccount = (password) => ask("POST", "/api/account/delete", { password });
export const exportAccount = () => ask("GET", "/api/account/export");
export const sessions = async () => (await ask("GET", "/api/sessions")).sessions;
export const endSession = (id) => ask("DELETE", `/api/sessions/${encodeURIComponent(id)}`);
export const endOtherSessions = () => ask("DELETE", "/api/sessions");
export const blocks = async () => (await ask("GET", "/api/blocks")).blocks;
export const block = (user) => ask("PUT", `/api/blocks/${encodeURIComponent(user)}`);
export const unblock = (user) => ask("DELETE", `/api/blocks/${encodeURIComponent(user)}`);
export const preferences = async () => (await ask("GET", "/api/preferences")).preferences;
export const changePreferences = (preferences) => ask("PATCH", "/api/preferences", { preferences });
