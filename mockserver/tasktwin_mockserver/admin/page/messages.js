// What the page says: what was done, and what went wrong.

import { byId } from "./dom.js";

/** Says what was done. */
export function tell(text) {
  byId("said").textContent = text;
  complain("");
}

/** Says what went wrong; said again it is not read out again. */
export function complain(text) {
  const place = byId("failed");
  if (place.textContent !== text) place.textContent = text;
}

/** Takes back what was said to be wrong, if nothing else was said since. */
export function mend(text) {
  if (byId("failed").textContent === text) complain("");
}

/** Shows an error, and gives its words; where a token is missing, it is asked for. */
export function fail(error) {
  const form = byId("token-form");
  const wanted = error.status === 401;
  if (wanted && form.hidden) {
    form.hidden = false;
    byId("token").focus();
  }
  complain(error.message);
  return error.message;
}
