// What the chosen person sees, as a tree for mouse and keyboard.

import { lookAt, oneAtATime, state } from "./controls.js";
import { byId, element, isNew } from "./dom.js";

const collapsed = new Set();
const records = new Map(); // tree items to what they show
const REST = 10; // times as long as an answer takes nothing is asked again
let chosen = "";
let restUntil = 0; // in milliseconds since the page was loaded

/** Asks again, but not so often that the server does little else. */
export async function followTree() {
  if (performance.now() >= restUntil) await refreshTree();
}

/** Asks what the chosen person sees, and shows it where it has changed. */
export const refreshTree = oneAtATime(async () => {
  const { actor } = state;
  if (!actor) return;
  const start = performance.now();
  const seen = await lookAt("/records", { actor });
  restUntil = performance.now() + REST * (performance.now() - start);
  if (!seen || actor !== state.actor) return;
  byId("viewer").textContent = actor;
  if (isNew("tree", [state.world, seen])) draw(seen);
});

/** Has the tree answer to keys and clicks. */
export function wireTree() {
  const tree = byId("tree");
  tree.addEventListener("keydown", pressed);
  tree.addEventListener("click", clicked);
  tree.addEventListener("focusin", (event) => choose(event.target));
}

function draw(seen) {
  const tree = byId("tree");
  const focused = tree.contains(document.activeElement);
  byId("lists").replaceChildren(...seen.lists.map((one) => listLine(one, seen)));
  records.clear();
  const children = families(seen.records);
  const roots = children.get("") ?? [];
  tree.replaceChildren(...roots.map((one) => item(one, children, 1)));
  const items = visible();
  const again = items.find((one) => keyOf(one) === chosen) ?? items[0];
  if (again) choose(again);
  else byId("chosen").replaceChildren();
  if (focused) (again ?? byId("actor")).focus();
}

function listLine(list, seen) {
  const shown = seen.records.filter((one) => one.kind === list.kind).length;
  const some = shown < list.total ? `, the first ${shown} are shown` : "";
  const name = `${list.operation}: `;
  if (list.refused !== null) {
    const words = `refused with ${list.status}: ${list.refused}`;
    return element("p", { class: "bad" }, name, words);
  }
  return element("p", { class: "kind" }, `${name}${list.total}${some}`);
}

/** The records by the key of their parent; those without one by "". */
function families(rows) {
  const known = new Map(rows.map((row) => [key(row), row]));
  const found = new Map();
  for (const row of rows) {
    const place = isCircle(row, known) ? "" : parentOf(row, known);
    if (!found.has(place)) found.set(place, []);
    found.get(place).push(row);
  }
  return found;
}

/** The key of the first parent that is seen too. */
function parentOf(row, known) {
  return row.parents.map(key).find((one) => known.has(one)) ?? "";
}

/** Whether a record is above itself; it is shown at the root then. */
function isCircle(row, known) {
  const above = new Set();
  let one = row;
  while (one) {
    if (above.has(key(one))) return true;
    above.add(key(one));
    one = known.get(parentOf(one, known));
  }
  return false;
}

function key(row) {
  return `${row.kind} ${row.id}`;
}

function keyOf(treeItem) {
  return key(records.get(treeItem));
}

function item(row, children, level) {
  const below = children.get(key(row)) ?? [];
  const label = `t${records.size}`;
  const made = element("li", {
    role: "treeitem", tabindex: "-1", "aria-level": level, "aria-labelledby": label,
    "aria-selected": "false",
  }, line(row, label));
  records.set(made, row);
  if (below.length) {
    made.setAttribute("aria-expanded", String(!collapsed.has(key(row))));
    const rows = below.map((one) => item(one, children, level + 1));
    made.append(element("ul", { role: "group" }, ...rows));
  }
  return made;
}

function line(row, id) {
  const title = element("span", { class: "title" }, row.title || row.id);
  const kind = element("span", { class: "kind" }, `${row.kind} `);
  const facts = Object.entries(row.facts).map(([name, value], place) =>
    element("span", { class: place ? "fact" : "fact main" }, `${name}: ${value}`));
  const parts = [title, ...facts].flatMap((part) => [part, " "]);
  return element("div", { class: "row", id }, kind, ...parts);
}

function all() {
  return [...byId("tree").querySelectorAll('[role="treeitem"]')];
}

function visible() {
  return all().filter((one) => !one.parentElement.closest('[aria-expanded="false"]'));
}

/** Has one item be the chosen one, and the one that Tab comes to. */
function choose(target) {
  const one = target.closest('[role="treeitem"]');
  if (!one) return;
  for (const other of all()) {
    other.tabIndex = other === one ? 0 : -1;
    other.setAttribute("aria-selected", String(other === one));
  }
  chosen = keyOf(one);
  byId("chosen").textContent = JSON.stringify(records.get(one).data, null, 2);
}

function clicked(event) {
  const one = event.target.closest('[role="treeitem"]');
  if (!one) return;
  one.focus();
  if (one.hasAttribute("aria-expanded")) expand(one, !isOpen(one));
}

function isOpen(one) {
  return one.getAttribute("aria-expanded") === "true";
}

function expand(one, open) {
  one.setAttribute("aria-expanded", String(open));
  if (open) collapsed.delete(keyOf(one));
  else collapsed.add(keyOf(one));
}

const MOVES = {
  ArrowDown: (one) => step(one, 1),
  ArrowUp: (one) => step(one, -1),
  ArrowRight: inwards,
  ArrowLeft: outwards,
  Home: () => visible()[0],
  End: () => visible().at(-1),
  Enter: toggled,
  " ": toggled,
};

function pressed(event) {
  const one = event.target.closest('[role="treeitem"]');
  const move = MOVES[event.key];
  if (!one || !move || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  move(one)?.focus();
}

function step(one, by) {
  const rows = visible();
  return rows[rows.indexOf(one) + by];
}

function inwards(one) {
  if (!one.hasAttribute("aria-expanded")) return one;
  if (isOpen(one)) return one.querySelector('[role="treeitem"]');
  expand(one, true);
  return one;
}

function outwards(one) {
  if (one.hasAttribute("aria-expanded") && isOpen(one)) {
    expand(one, false);
    return one;
  }
  return one.parentElement.closest('[role="treeitem"]');
}

function toggled(one) {
  if (one.hasAttribute("aria-expanded")) expand(one, !isOpen(one));
  return one;
}
