// The controls of the mock, asked over HTTP.

const ROOT = "/__admin";
let token = "";

/** What the page shows, and of which world. */
export const state = { world: "default", actor: "", contract: null, worlds: [] };

/** A request to the controls that was not met; its message is a sentence. */
export class ControlError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Sends a token with all that is asked from now on; it is kept nowhere else. */
export function useToken(text) {
  token = text;
}

/** Asks a control, and gives what it says; fails with a `ControlError`. */
export async function ask(method, path, query = {}, body = undefined) {
  const address = `${ROOT}${path}?${new URLSearchParams(query)}`;
  let answer;
  try {
    answer = await fetch(address, options(method, body));
  } catch {
    throw new ControlError("The server does not answer.", 0);
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new ControlError(sentence(said, answer.status), answer.status);
  }
  return said;
}

/** Asks a control about the chosen world. */
export function askWorld(method, path, body = undefined, query = {}) {
  return ask(method, path, { world: state.world, ...query }, body);
}

/** What a control says of the chosen world; null where another is chosen by then. */
export async function lookAt(path, query = {}) {
  const { world } = state;
  try {
    const said = await askWorld("GET", path, undefined, query);
    return world === state.world ? said : null;
  } catch (error) {
    if (world === state.world) throw error;
    return null;
  }
}

/** The same look, never two at once: who wants one meanwhile gets the one after it. */
export function oneAtATime(look) {
  let last = Promise.resolve();
  let next = null;
  const begin = () => {
    next = null;
    return look();
  };
  return () => {
    next ??= last = last.then(begin, begin);
    return next;
  };
}

function options(method, body) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body === undefined) return { method, headers, cache: "no-store" };
  headers["Content-Type"] = "application/json";
  return { method, headers, body: JSON.stringify(body) };
}

function sentence(said, status) {
  const words = said.error || `The server answered with ${status}.`;
  const field = said.field ? ` (${said.field})` : "";
  const text = `${words[0].toUpperCase()}${words.slice(1)}${field}`;
  return text.endsWith(".") ? text : `${text}.`;
}
