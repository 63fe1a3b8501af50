// The REST API. Credentials are cookies that no script can read.

/** What the server answered with an error code, or that it could not be reached (code "unreachable"). */
export class ApiError extends Error {
  constructor({ code, number = 0, message, retryAfterMs }) {
    super(message);
    this.code = code;
    this.number = number;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether asking again unchanged is of no use. */
  get final() {
    return this.number >= 4200;
  }
}

let refreshing = null;

async function send(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError({ code: "unreachable", message: "The server cannot be reached." });
  }
  if (response.status === 204) return null;
  const json = await response.json().catch(() => ({}));
  if (response.ok) return json;
  throw new ApiError(json.error ?? { code: "unreachable", message: `The server answered ${response.status}.` });
}

/** Asks; when the access token has run out, renews it once and asks again. */
async function ask(method, path, body) {
  try {
    return await send(method, path, body);
  } catch (error) {
    if (error.code !== "token_expired" && error.code !== "unauthenticated") throw error;
    await refresh();
    return send(method, path, body);
  }
}

/** Renews the credentials; calls at the same time share one request. Gives {user, expiresAt, socketToken}. */
export function refresh() {
  refreshing ??= send("POST", "/api/auth/refresh", { cookies: true }).finally(() => (refreshing = null));
  return refreshing;
}

const id = encodeURIComponent;

export const register = (name, password, displayName) =>
  send("POST", "/api/auth/register", { name, password, displayName: displayName || undefined, cookies: true });
export const login = (name, password) => send("POST", "/api/auth/login", { name, password, cookies: true });
export const logout = () => send("POST", "/api/auth/logout", {});
export const chat = () => ask("GET", "/api/chat");
export const people = (query) => ask("GET", `/api/users?query=${id(query)}`);
export const openGroups = (query) => ask("GET", `/api/groups?query=${id(query)}`);
export const conversation = (conversation) => ask("GET", `/api/conversations/${id(conversation)}`);
export const create = (wish) => ask("POST", "/api/conversations", wish);
export const join = (conversation) => ask("POST", `/api/conversations/${id(conversation)}/join`, {});
export const members = (conversation, after) =>
  ask("GET", `/api/conversations/${id(conversation)}/members?limit=100${after ? `&after=${id(after)}` : ""}`);
export const addMember = (conversation, user) => ask("POST", `/api/conversations/${id(conversation)}/members`, { user });
export const removeMember = (conversation, user) =>
  ask("DELETE", `/api/conversations/${id(conversation)}/members/${id(user)}`);
export const history = (conversation, before) =>
  ask("GET", `/api/conversations/${id(conversation)}/messages?limit=50${before ? `&before=${before}` : ""}`);
