// Elements of the page. Whatever comes from the server enters it as text.

/** The element of that id. */
export function byId(id) {
  return document.getElementById(id);
}

/** A new element; children that are strings become text, never markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** A button that does something when it is pressed. */
export function button(text, label, pressed) {
  const made = element("button", { type: "button", "aria-label": label }, text);
  made.addEventListener("click", pressed);
  return made;
}

/** Has a choice offer rows of a value and a text, and keeps what is chosen. */
export function offer(select, rows, chosen) {
  const options = rows.map(([value, text]) => element("option", { value }, text));
  select.replaceChildren(...options);
  select.value = chosen;
}

/** Changes a list; a focus in it goes on to the same thing, near by, or to `other`. */
export function keepFocus(list, change, other) {
  const focused = document.activeElement;
  const place = [...list.children].findIndex((row) => row.contains(focused));
  const column = Math.max(0, stops(list.children[place]).indexOf(focused));
  change();
  if (place < 0 || list.contains(document.activeElement)) return;
  const same = stops(list).find((one) =>
    one.ariaLabel !== null && one.ariaLabel === focused.ariaLabel);
  const near = list.children[Math.min(place, list.children.length - 1)];
  (same ?? stops(near)[column] ?? other).focus();
}

/** What in a part of a list Tab comes to; nothing where there is no such part. */
function stops(part) {
  return [...part?.querySelectorAll("button, summary") ?? []];
}

const shown = new Map();

/** Whether a part of the page would change by showing `value`. */
export function isNew(part, value) {
  const text = JSON.stringify(value);
  const differs = shown.get(part) !== text;
  shown.set(part, text);
  return differs;
}

/** Has a form do something, and not be sent anywhere. */
export function onSubmit(id, work) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    work();
  });
}

/** Has a button or a field do something. */
export function on(id, type, work) {
  byId(id).addEventListener(type, work);
}
